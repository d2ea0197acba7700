import type { Failure, FailureClass } from './attempt.ts';

/** Milliseconds and attempts; see `decideRetry`. */
export const RETRY = {
  attempts: 5,
  /** An attempt that may have been billed holds its worst case: fewer of those. */
  unknownAttempts: 3,
  baseMs: 1_000,
  maxDelayMs: 30_000,
  /** A server that asks for more than this is left alone until the next run. */
  maxRetryAfterMs: 120_000,
  maxElapsedMs: 600_000,
  /** A local server that loads its model says 503 until it is there. */
  loadingAttempts: 40,
  loadingElapsedMs: 180_000,
} as const;

const TRANSIENT: ReadonlySet<FailureClass> = new Set([
  'rate-limited',
  'server',
  'timeout',
  'connection',
  'loading',
]);

export type RetryDecision =
  { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give-up' };

const GIVE_UP = { kind: 'give-up' } as const;

/**
 * Whether a failed attempt is made again, and when: exponential backoff with full jitter (AWS
 * Architecture Blog, "Exponential Backoff and Jitter"), `Retry-After` as its floor.
 *
 * p-retry does not stand here: it owns the loop and decides from exceptions, while here every attempt
 * is reserved, settled and counted by the caller, and a failure is a value. `models.ts` uses it.
 *
 * @param attempt attempts made so far, this one included
 * @param elapsedMs since the first attempt began
 * @param random in [0, 1)
 */
export function decideRetry(given: {
  readonly failure: Pick<Failure, 'class' | 'retryAfterMs' | 'billed'>;
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly random: number;
}): RetryDecision {
  const { failure, attempt, elapsedMs, random } = given;
  if (!TRANSIENT.has(failure.class)) return GIVE_UP;
  const loading = failure.class === 'loading';
  if (attempt >= (loading ? RETRY.loadingAttempts : RETRY.attempts)) return GIVE_UP;
  // It may be billed, each time.
  if (failure.billed === 'unknown' && attempt >= RETRY.unknownAttempts) return GIVE_UP;
  const floor = failure.retryAfterMs ?? 0;
  if (floor > RETRY.maxRetryAfterMs) return GIVE_UP;
  const ceiling = Math.min(RETRY.maxDelayMs, RETRY.baseMs * 2 ** (attempt - 1));
  const afterMs = Math.round(Math.max(random * ceiling, floor, loading ? RETRY.baseMs : 0));
  const limit = loading ? RETRY.loadingElapsedMs : RETRY.maxElapsedMs;
  if (elapsedMs + afterMs > limit) return GIVE_UP;
  return { kind: 'retry', afterMs };
}
