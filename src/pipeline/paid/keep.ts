import type { AnswerAttempt } from '../../llm/attempt.ts';
import type { PackedUnit } from '../../lens/pack.ts';
import type { Answer, Usage } from '../../types/answer.ts';
import { factorsOf, keyOf } from '../question.ts';
import type { PaidRun } from './paid-run.ts';
import type { RequestScope } from './request-scope.ts';
import { addUsage, notice } from './request-scope.ts';
import type { RequestContent } from './send.ts';

export const NO_USAGE: Usage = {
  ticks: 0,
  estimated: false,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
};

export interface AnsweredRequest {
  readonly requestId: string;
  readonly attempt: AnswerAttempt;
  readonly content: RequestContent;
}

/** First the answers, then the ledger, then the mark: whatever ends the process between, the next start finishes. */
export async function store(
  run: PaidRun,
  { requestId, attempt, content }: AnsweredRequest,
  byId: ReadonlyMap<number, Answer>,
  scope: RequestScope,
): Promise<void> {
  const { answers, ledger, now } = run;
  const { usage, model } = attempt;
  // Before the answers: an end of the process in between must not leave answers that no key asks for.
  answers.setResolvedModel(run.baseUrl, run.model, model, now());
  await saveAnswers(run, { requestId, usage, model, content }, byId, scope);
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

/** Stores what the items got, under the key of the model that answered; neither ledger nor mark is touched. */
export async function saveAnswers(
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
