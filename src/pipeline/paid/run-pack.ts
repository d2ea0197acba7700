import type { Pack, PackedUnit } from '../../lens/pack.ts';
import { packOf, splitPack } from '../../lens/pack.ts';
import type { AnswerAttempt, Failure } from '../../llm/attempt.ts';
import type { Answer, Usage } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import type { RequestScope } from './request-scope.ts';
import { addFailure, addUsage, notice } from './request-scope.ts';
import type { PaidRun } from './paid-run.ts';
import { factorsOf, keyOf } from '../question.ts';
import { renderUnits } from './render.ts';
import type { RequestContent } from './send.ts';
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
  run: PaidRun,
  pack: Pack,
  scope: RequestScope,
  errors: readonly string[] = [],
): Promise<boolean> {
  const rendered = await renderUnits(scope, run.redact, pack.units);
  scope.totals.redacted.push(...rendered.redacted);
  const sent = await send(run, rendered, scope, errors);
  switch (sent.kind) {
    case 'withheld':
      return true;
    case 'failure':
      return failed(run, sent, scope, errors);
    case 'answer':
      await answered(run, sent, scope, errors);
      return true;
    default:
      return sent satisfies never;
  }
}

interface Answered {
  readonly requestId: string;
  readonly attempt: AnswerAttempt;
  readonly content: RequestContent;
}

async function answered(
  run: PaidRun,
  sent: Answered,
  scope: RequestScope,
  errors: readonly string[],
): Promise<void> {
  const { attempt, content } = sent;
  const last = errors.length > 0;
  if (attempt.finishReason === 'length') {
    const cut = content.units.length === 1 ? allOf(content.units, 'truncated') : new Map<number, Answer>();
    await store(run, sent, cut, scope);
    scope.totals.cutInRow += 1;
    if (scope.totals.cutInRow >= MAX_CUT_IN_ROW) scope.stop(CUT_SHORT);
    else await halve(run, content.units, scope, errors);
    return;
  }
  scope.totals.cutInRow = 0;
  const reading =
    attempt.finishReason === 'stop'
      ? run.lens.readAnswer(attempt.text, content.items)
      : { kind: 'invalid' as const, errors: [`the answer ended with "${attempt.finishReason}"`] };
  if (reading.kind === 'invalid') {
    addFailure(scope.totals, reading.errors[0] ?? 'the answer is invalid');
    await store(run, sent, last ? allOf(content.units, 'failed') : new Map(), scope);
    if (!last) await runPack(run, packOf(content.units, scope.packing), scope, reading.errors);
    return;
  }
  const { unanchored, duplicate, foreign } = reading.discarded;
  scope.totals.unanchored += unanchored;
  scope.totals.discarded += duplicate + foreign;
  const missing = content.units.filter(({ id }) => reading.missing.includes(id));
  const answers = last ? new Map([...reading.answers, ...allOf(missing, 'failed')]) : reading.answers;
  await store(run, sent, answers, scope);
  if (!last && missing.length > 0) await runPack(run, packOf(missing, scope.packing), scope, reading.errors);
}

/** Two requests in place of one whose answer, or which itself, was too long. */
async function halve(
  run: PaidRun,
  units: readonly PackedUnit[],
  scope: RequestScope,
  errors: readonly string[],
): Promise<boolean> {
  const halves = splitPack(packOf(units, scope.packing), scope.packing);
  let any = false;
  for (const half of halves ?? []) {
    if (scope.totals.cutInRow >= MAX_CUT_IN_ROW) break;
    any = (await runPack(run, half, scope, errors)) || any;
  }
  return any;
}

/** False where the server is to blame, and not an item. */
async function failed(
  run: PaidRun,
  { requestId, failure, content }: { requestId: string; failure: Failure; content: RequestContent },
  scope: RequestScope,
  errors: readonly string[],
): Promise<boolean> {
  const { usage } = failure;
  if (failure.class === 'malformed' && usage !== null && errors.length === 0) {
    return runPack(run, packOf(content.units, scope.packing), scope, [failure.message]);
  }
  if (failure.class === 'context-overflow' || usage !== null) {
    if (content.units.length > 1) return halve(run, content.units, scope, errors);
    // An item that cannot be asked about, or whose answer is billed and refused, is not asked about in every run.
    const status = usage === null ? 'truncated' : 'failed';
    await keep(
      run,
      { requestId, usage: usage ?? NO_USAGE, model: '', content },
      allOf(content.units, status),
      scope,
    );
    return true;
  }
  if (failure.class === 'auth' || failure.class === 'not-found') {
    scope.stop({ code: failure.class, message: `nothing more was sent: ${failure.message}` });
  }
  return false;
}

function allOf(units: readonly PackedUnit[], status: 'failed' | 'truncated'): Map<number, Answer> {
  return new Map(units.map(({ id }) => [id, { status, findings: [], cites: [], unanchored: 0 }]));
}

/** First the answers, then the ledger, then the mark: whatever ends the process between, the next start finishes. */
async function store(
  run: PaidRun,
  { requestId, attempt, content }: Answered,
  byId: ReadonlyMap<number, Answer>,
  scope: RequestScope,
): Promise<void> {
  const { answers, ledger, now } = run;
  const { usage, model } = attempt;
  // Before the answers: an end of the process in between must not leave answers that no key asks for.
  answers.setResolvedModel(run.baseUrl, run.model, model, now());
  await keep(run, { requestId, usage, model, content }, byId, scope);
  ledger.settle(requestId, usage);
  answers.clearInFlight(requestId);
  addUsage(scope.totals, usage);
  for (const { kind, message } of attempt.usageWarnings)
    notice(scope.totals, { code: `usage-${kind}`, message });
}

interface Kept {
  readonly requestId: string;
  readonly usage: Usage;
  /** The model that answered; `''` where none did. */
  readonly model: string;
  readonly content: RequestContent;
}

async function keep(
  { answers, now, model: asked }: PaidRun,
  { requestId, usage, model, content }: Kept,
  byId: ReadonlyMap<number, Answer>,
  { repository, untrusted, shared, totals }: RequestScope,
): Promise<void> {
  // The key of the model that answered: what the next run will ask for.
  const resolved = model === '' ? shared : { ...shared, resolvedModel: model };
  const shares = sharesOf(usage, content.units);
  const stored = content.units.flatMap((packed, at) => {
    const answer = byId.get(packed.id);
    if (answer === undefined) return [];
    const known = answer.status === 'complete' ? totals.paidKeys : totals.failedKeys;
    known.add(packed.key);
    totals.paidFiles.add(packed.file);
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
