import type { Pack, PackedUnit } from '../lens/pack.ts';
import { packOf, splitPack } from '../lens/pack.ts';
import type { AnswerAttempt, Failure } from '../llm/attempt.ts';
import type { Answer, Notice, Usage } from '../types.ts';
import type { Errand } from './errand.ts';
import { addFailure, addUsage, notice } from './errand.ts';
import type { Market } from './market.ts';
import { factorsOf, keyOf } from './question.ts';
import { renderUnits } from './render.ts';
import type { Cargo } from './send.ts';
import { send } from './send.ts';

const NO_USAGE: Usage = { ticks: 0, estimated: false, inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/**
 * Halves of halves, down to one item of a pack of a hundred: where even that is cut, so would all others be, and each
 * costs as much as it may.
 */
const MAX_CUT_IN_ROW = 8;

const CUT_SHORT: Notice = {
  code: 'answers-cut',
  message: `${MAX_CUT_IN_ROW} answers in a row were cut at their limit, the rest was not sent: this model writes too much`,
};

/**
 * Makes one request and those that follow from it: halves of one that was cut, one more for what was missing
 * or invalid (`errors` names what was wrong, so that there is no third). False where no server answered.
 */
export async function runPack(
  market: Market,
  pack: Pack,
  errand: Errand,
  errors: readonly string[] = [],
): Promise<boolean> {
  const rendered = await renderUnits(errand, market.redact, pack.units);
  errand.tally.redacted.push(...rendered.redacted);
  const sent = await send(market, rendered, errand, errors);
  switch (sent.kind) {
    case 'withheld':
      return true;
    case 'failure':
      return failed(market, sent, errand, errors);
    case 'answer':
      await answered(market, sent, errand, errors);
      return true;
    default:
      return sent satisfies never;
  }
}

interface Answered {
  readonly requestId: string;
  readonly attempt: AnswerAttempt;
  readonly cargo: Cargo;
}

async function answered(
  market: Market,
  sent: Answered,
  errand: Errand,
  errors: readonly string[],
): Promise<void> {
  const { attempt, cargo } = sent;
  const last = errors.length > 0;
  if (attempt.finishReason === 'length') {
    const cut = cargo.units.length === 1 ? allOf(cargo.units, 'truncated') : new Map<number, Answer>();
    await store(market, sent, cut, errand);
    errand.tally.cutInRow += 1;
    if (errand.tally.cutInRow >= MAX_CUT_IN_ROW) errand.stop(CUT_SHORT);
    else await halve(market, cargo.units, errand, errors);
    return;
  }
  errand.tally.cutInRow = 0;
  const reading =
    attempt.finishReason === 'stop'
      ? market.lens.readAnswer(attempt.text, cargo.items)
      : { kind: 'invalid' as const, errors: [`the answer ended with "${attempt.finishReason}"`] };
  if (reading.kind === 'invalid') {
    addFailure(errand.tally, reading.errors[0] ?? 'the answer is invalid');
    await store(market, sent, last ? allOf(cargo.units, 'failed') : new Map(), errand);
    if (!last) await runPack(market, packOf(cargo.units, errand.packing), errand, reading.errors);
    return;
  }
  const { unanchored, duplicate, foreign } = reading.discarded;
  errand.tally.unanchored += unanchored;
  errand.tally.discarded += duplicate + foreign;
  const missing = cargo.units.filter(({ id }) => reading.missing.includes(id));
  const answers = last ? new Map([...reading.answers, ...allOf(missing, 'failed')]) : reading.answers;
  await store(market, sent, answers, errand);
  if (!last && missing.length > 0)
    await runPack(market, packOf(missing, errand.packing), errand, reading.errors);
}

/** Two requests in place of one whose answer, or which itself, was too long. */
async function halve(
  market: Market,
  units: readonly PackedUnit[],
  errand: Errand,
  errors: readonly string[],
): Promise<boolean> {
  const halves = splitPack(packOf(units, errand.packing), errand.packing);
  let any = false;
  for (const half of halves ?? []) {
    if (errand.tally.cutInRow >= MAX_CUT_IN_ROW) break;
    any = (await runPack(market, half, errand, errors)) || any;
  }
  return any;
}

/** False where the server is to blame, and not an item. */
async function failed(
  market: Market,
  { requestId, failure, cargo }: { requestId: string; failure: Failure; cargo: Cargo },
  errand: Errand,
  errors: readonly string[],
): Promise<boolean> {
  const { usage } = failure;
  if (failure.class === 'malformed' && usage !== null && errors.length === 0) {
    return runPack(market, packOf(cargo.units, errand.packing), errand, [failure.message]);
  }
  if (failure.class === 'context-overflow' || usage !== null) {
    if (cargo.units.length > 1) return halve(market, cargo.units, errand, errors);
    // An item that cannot be asked about, or whose answer is billed and refused, is not asked about in every run.
    const status = usage === null ? 'truncated' : 'failed';
    await keep(
      market,
      { requestId, usage: usage ?? NO_USAGE, model: '', cargo },
      allOf(cargo.units, status),
      errand,
    );
    return true;
  }
  if (failure.class === 'auth' || failure.class === 'not-found') {
    errand.stop({ code: failure.class, message: `nothing more was sent: ${failure.message}` });
  }
  return false;
}

function allOf(units: readonly PackedUnit[], status: 'failed' | 'truncated'): Map<number, Answer> {
  return new Map(units.map(({ id }) => [id, { status, findings: [], cites: [], unanchored: 0 }]));
}

/** First the answers, then the ledger, then the mark: whatever ends the process between, the next start finishes. */
async function store(
  market: Market,
  { requestId, attempt, cargo }: Answered,
  byId: ReadonlyMap<number, Answer>,
  errand: Errand,
): Promise<void> {
  const { answers, ledger, now } = market;
  const { usage, model } = attempt;
  // Before the answers: an end of the process in between must not leave answers that no key asks for.
  answers.setResolvedModel(market.baseUrl, market.model, model, now());
  await keep(market, { requestId, usage, model, cargo }, byId, errand);
  ledger.settle(requestId, usage);
  answers.clearInFlight(requestId);
  addUsage(errand.tally, usage);
  for (const { kind, message } of attempt.usageWarnings)
    notice(errand.tally, { code: `usage-${kind}`, message });
}

interface Kept {
  readonly requestId: string;
  readonly usage: Usage;
  /** The model that answered; `''` where none did. */
  readonly model: string;
  readonly cargo: Cargo;
}

async function keep(
  { answers, now, model: asked }: Market,
  { requestId, usage, model, cargo }: Kept,
  byId: ReadonlyMap<number, Answer>,
  { repository, untrusted, shared, tally }: Errand,
): Promise<void> {
  // The key of the model that answered: what the next run will ask for.
  const resolved = model === '' ? shared : { ...shared, resolvedModel: model };
  const shares = sharesOf(usage, cargo.units);
  const stored = cargo.units.flatMap((packed, at) => {
    const answer = byId.get(packed.id);
    if (answer === undefined) return [];
    const known = answer.status === 'complete' ? tally.paidKeys : tally.failedKeys;
    known.add(packed.key);
    tally.paidFiles.add(packed.file);
    const factors = factorsOf(resolved, packed.unit);
    return [{ itemKey: keyOf(resolved, packed.unit), factors, answer, usage: shares[at] ?? NO_USAGE }];
  });
  const request = { requestId, model: model === '' ? asked : model, usage, at: now(), repository, untrusted };
  await answers.saveRequest({ ...request, answers: stored });
}

/** A request's usage over its units by their bytes; what does not divide goes to the first. */
function sharesOf(usage: Usage, units: readonly PackedUnit[]): Usage[] {
  const total = units.reduce((sum, { unit }) => sum + unit.bytes, 0);
  const part = (amount: number, bytes: number): number => Math.floor((amount * bytes) / Math.max(1, total));
  const shares = units.map(({ unit }) => ({
    estimated: usage.estimated,
    ticks: part(usage.ticks, unit.bytes),
    inputTokens: part(usage.inputTokens, unit.bytes),
    cachedTokens: part(usage.cachedTokens, unit.bytes),
    outputTokens: part(usage.outputTokens, unit.bytes),
  }));
  const [first, ...others] = shares;
  if (first === undefined) return [];
  const rest = (name: Exclude<keyof Usage, 'estimated'>): number =>
    usage[name] - others.reduce((sum, share) => sum + share[name], 0);
  return [
    {
      estimated: usage.estimated,
      ticks: rest('ticks'),
      inputTokens: rest('inputTokens'),
      cachedTokens: rest('cachedTokens'),
      outputTokens: rest('outputTokens'),
    },
    ...others,
  ];
}
