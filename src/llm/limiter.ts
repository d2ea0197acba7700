/** How fast we may ask: our own politeness, far below what providers allow. */
export interface LimiterOptions {
  readonly requestsPerMinute: number;
  /** Requests that may go at once after a pause. */
  readonly burst: number;
  readonly concurrency: number;
}

export interface Limiter {
  /** Runs `work` in its turn. Rejects with the signal's reason where that comes first. */
  schedule<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
  /** Drops what still waits; until then that keeps the process alive. */
  close(): Promise<void>;
}

/** A token bucket of `burst` that fills at `requestsPerMinute`; at most `concurrency` run at once. */
export async function openLimiter(options: LimiterOptions): Promise<Limiter> {
  const { default: Bottleneck } = await import('bottleneck');
  const { amount, intervalMs } = refill(options);
  const bottleneck = new Bottleneck({
    maxConcurrent: options.concurrency,
    reservoir: options.burst,
    reservoirIncreaseAmount: amount,
    reservoirIncreaseInterval: intervalMs,
    reservoirIncreaseMaximum: options.burst,
  });
  return {
    schedule: (work, signal) => inTurn(bottleneck, work, signal),
    close: () => bottleneck.stop({ dropWaitingJobs: true }),
  };
}

// Bottleneck looks at its reservoir every 250 ms.
const BEAT_MS = 250;
const BEATS_PER_MINUTE = 60_000 / BEAT_MS;

/**
 * Whole requests per whole beats, a step no larger than the bucket: the shortest interval whose rate is at
 * most 5 % below the one asked, else the best there is; never above it.
 */
export function refill({ requestsPerMinute, burst }: Pick<LimiterOptions, 'requestsPerMinute' | 'burst'>): {
  readonly amount: number;
  readonly intervalMs: number;
} {
  let best = { amount: 1, intervalMs: 60_000 };
  let nearest = 0;
  for (let beats = 1; beats <= BEATS_PER_MINUTE && nearest < 0.95; beats += 1) {
    const exact = (requestsPerMinute * beats) / BEATS_PER_MINUTE;
    const amount = Math.min(Math.floor(exact), burst);
    if (amount / exact <= nearest) continue;
    nearest = amount / exact;
    best = { amount, intervalMs: beats * BEAT_MS };
  }
  return best;
}

interface Scheduler {
  schedule<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Bottleneck cannot take a waiting job back: it is left in its place and does nothing when its turn comes. */
async function inTurn<Result>(
  scheduler: Scheduler,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  const job = scheduler.schedule(async () => {
    signal.throwIfAborted();
    // From here on `work` sees to the signal itself: what is on the way is not left alone.
    signal.removeEventListener('abort', abort);
    return work();
  });
  try {
    return await Promise.race([job, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    // Once nobody waits for it, its rejection is nobody's.
    job.catch(() => undefined);
  }
}
