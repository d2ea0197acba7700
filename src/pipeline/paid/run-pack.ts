import type { Pack, PackedUnit } from '../../lens/pack.ts';
import { packOf, splitPack } from '../../lens/pack.ts';
import type { Failure } from '../../llm/attempt.ts';
import type { Answer } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import type { RequestScope } from './request-scope.ts';
import { addFailure } from './request-scope.ts';
import type { PaidRun } from './paid-run.ts';
import type { AnsweredRequest } from './keep.ts';
import { NO_USAGE, saveAnswers, store } from './keep.ts';
import { renderUnits } from './render.ts';
import type { RequestContent } from './send.ts';
import { send } from './send.ts';

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

async function answered(
  run: PaidRun,
  sent: AnsweredRequest,
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
    if (scope.totals.stopped) break;
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
    await saveAnswers(
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
