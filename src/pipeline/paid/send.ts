import { setTimeout as delay } from 'node:timers/promises';
import { DISK_FULL_HINT } from '../../errors.ts';
import type { SentItem } from '../../lens/lens.ts';
import type { PackedUnit } from '../../lens/pack.ts';
import type { AnswerAttempt, Attempt, ChatRequest, Failure } from '../../llm/attempt.ts';
import { worstCaseTicks } from '../../llm/budget.ts';
import { requestBytes } from '../../llm/request.ts';
import { decideRetry } from '../../llm/retry.ts';
import { tokenBound } from '../../llm/tokens.ts';
import type { Notice } from '../../types/run.ts';
import { duration, ticksAsDollars } from '../../util/numbers.ts';
import type { SendScope } from './request-scope.ts';
import { addFailure, addUsage, notice } from './request-scope.ts';
import type { PaidRun } from './paid-run.ts';
import { keyOf } from '../question.ts';

/** Items of a request, as they are sent, with the units that they come from, in the same order. */
export interface RequestContent {
  readonly items: readonly SentItem[];
  readonly units: readonly PackedUnit[];
}

export type Sent =
  /** `content` is what was asked in the end. The request is reserved and marked until its answer is stored. */
  | {
      readonly kind: 'answer';
      readonly requestId: string;
      readonly attempt: AnswerAttempt;
      readonly content: RequestContent;
    }
  | {
      readonly kind: 'failure';
      readonly requestId: string;
      readonly failure: Failure;
      readonly content: RequestContent;
    }
  /** Nothing was asked: a cap, an interrupt, or another process buys the same. */
  | { readonly kind: 'withheld' };

const BOUGHT_ELSEWHERE: Notice = {
  code: 'bought-elsewhere',
  message: 'some items are being asked about by another process: their answers show in the next run',
};

/** An answer that the disk does not take is paid for and lost: with less than this none is asked for. */
const MIN_FREE_BYTES = 8 * 1024 * 1024;

/** Another process may settle what this one waits for. */
export const WAIT_MS = 200;

/** Asks until there is an answer or a failure that another attempt would not mend. Each attempt is reserved by itself. */
export async function send(
  run: PaidRun,
  content: RequestContent,
  scope: SendScope,
  errors: readonly string[],
): Promise<Sent> {
  const startedMs = run.now();
  for (let attempt = 1; !scope.signal.aborted; attempt += 1) {
    const requestId = run.newId();
    const mine = await take(run, requestId, content, scope);
    if (mine.items.length === 0) {
      run.answers.clearInFlight(requestId);
      return { kind: 'withheld' };
    }
    const outcome = await attemptOnce(run, requestId, mine, scope, errors);
    if (outcome?.kind === 'answer') return { kind: 'answer', requestId, attempt: outcome, content: mine };
    if (outcome !== null) writeOff(run, requestId, outcome, scope);
    run.answers.clearInFlight(requestId);
    if (outcome === null) return { kind: 'withheld' };
    const elapsedMs = run.now() - startedMs;
    const decision = decideRetry({ failure: outcome, attempt, elapsedMs, random: run.random() });
    if (decision.kind === 'give-up') return { kind: 'failure', requestId, failure: outcome, content: mine };
    scope.onWait(`${outcome.message}: again in ${duration(decision.afterMs)}`);
    await pause(decision.afterMs, scope.signal);
  }
  return { kind: 'withheld' };
}

/**
 * What nobody else is buying at this moment and nobody has bought since the plan. The mark does not depend on
 * which model will have answered: two processes that know different ones mean the same item.
 */
async function take(
  run: PaidRun,
  requestId: string,
  { items, units }: RequestContent,
  { repository, untrusted, shared, plannedMs, totals }: SendScope,
): Promise<RequestContent> {
  const { answers, baseUrl, model } = run;
  const within = untrusted ? { untrustedRepository: repository } : {};
  const keysUnder = (resolvedModel: string): string[] =>
    units.map(({ unit }) => keyOf({ ...shared, resolvedModel }, unit));
  const marks = keysUnder('');
  const taken = new Set(answers.markInFlight(requestId, marks, { nowMs: run.now(), ...within }));
  const now = keysUnder(answers.resolvedModel(baseUrl, model));
  const stored = await answers.lookup(now, repository);
  const isMine = (at: number): boolean => {
    const answer = stored.get(now[at] ?? '');
    const bought = answer?.answer.status === 'complete' && answer.createdAt >= plannedMs;
    return taken.has(marks[at] ?? '') && !bought;
  };
  if (taken.size < new Set(marks).size) notice(totals, BOUGHT_ELSEWHERE);
  return { items: items.filter((_, at) => isMine(at)), units: units.filter((_, at) => isMine(at)) };
}

/** Null where it was not sent. */
async function attemptOnce(
  run: PaidRun,
  requestId: string,
  content: RequestContent,
  scope: SendScope,
  errors: readonly string[],
): Promise<Attempt | null> {
  const request = chatRequest(run, content, errors);
  const work = async (): Promise<Attempt | null> => {
    if (!(await reserve(run, requestId, request, scope))) return null;
    scope.totals.requests += 1;
    // What is on its way is paid for: an interrupt waits for it.
    return run.client.attempt(request, new AbortController().signal);
  };
  try {
    return await run.limiter.schedule(work, scope.signal);
  } catch (error) {
    if (scope.signal.aborted) return null;
    throw error;
  }
}

function chatRequest(run: PaidRun, { items, units }: RequestContent, errors: readonly string[]): ChatRequest {
  const { lens, effort } = run;
  const messages = [
    { role: 'system' as const, content: lens.system },
    { role: 'user' as const, content: lens.userMessage(items, errors) },
  ];
  const schema = { name: lens.responseName, schema: lens.responseSchema };
  const bytes = requestBytes({ messages, schema });
  const price = run.priceFor(tokenBound(bytes));
  const maxCompletionTokens = run.completionCap(units);
  return {
    messages,
    schema,
    maxCompletionTokens,
    reasoningEffort: effort,
    conversation: `rustassistant-${lens.name}-${lens.promptHash}`,
    temperature: 0,
    price,
    reservedTicks: worstCaseTicks({ bytes, maxCompletionTokens, price }),
  };
}

/** Reserves the worst case; waits while running requests hold what this one needs. False: not to be sent. */
async function reserve(
  { ledger, runId, model, caps, freeBytes }: PaidRun,
  requestId: string,
  { reservedTicks }: ChatRequest,
  { repository, signal, stop }: SendScope,
): Promise<boolean> {
  const request = { requestId, runId, repoId: repository, model, ticks: reservedTicks, caps };
  if (freeBytes() < MIN_FREE_BYTES) {
    stop({ code: 'disk-full', message: `the disk is nearly full, the rest was not sent: ${DISK_FULL_HINT}` });
    return false;
  }
  while (!signal.aborted) {
    const decision = ledger.reserve(request);
    if (decision.kind === 'reserve') return true;
    if (decision.kind === 'stop') {
      stop(capReached(decision.cap, decision.left, reservedTicks));
      return false;
    }
    await pause(WAIT_MS, signal);
  }
  return false;
}

function capReached(cap: string, left: number, needed: number): Notice {
  return {
    code: 'budget',
    message: `the cap per ${cap} has ${ticksAsDollars(left)} left, the next request may cost ${ticksAsDollars(needed)}: the rest was not sent`,
  };
}

/** A failed attempt's reservation: settled where its bill is known, returned where there is none, else left standing. */
function writeOff({ ledger }: PaidRun, requestId: string, failure: Failure, { totals }: SendScope): void {
  addFailure(totals, failure.message);
  if (failure.usage !== null) {
    ledger.settle(requestId, failure.usage);
    addUsage(totals, failure.usage);
  } else if (failure.billed === 'no') {
    ledger.release(requestId);
    // As in the ledger: what cannot have cost anything is no request.
    totals.requests -= 1;
  } else ledger.abandon(requestId);
}

/** A pause that an interrupt ends early, without an error. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
