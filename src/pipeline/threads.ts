import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Jobs, Outcome, ParseTask } from './jobs.ts';
import { growSlowly, optimizeLate } from './v8-flags.ts';

/**
 * A thread that answers nothing for so long is replaced; the file it was at has failed. A parse ends itself after
 * 5 s: this is for what hangs all the same, and leaves a slow machine the time to compile the grammar.
 */
const TASK_DEADLINE_MS = 60_000;

/** A thread costs some 30 MB. */
const MAX_THREADS = 8;

/** How many threads this machine has work for. */
export function threadCount(): number {
  return Math.min(availableParallelism(), MAX_THREADS);
}

/** A parser thread, begun anew where it has died: a piscina of one, so that who asks decides which parser gets a file. */
export interface Thread {
  /** Rejects with why the thread has not done it. */
  run<Job extends keyof Jobs>(job: Job, task: ParseTask): Promise<Outcome<Jobs[Job]>[]>;
  close(): Promise<void>;
}

/** `small`: a run that holds much beside its threads gives some of its time for their memory. */
export type Heaps = 'usual' | 'small';

/** Of Node's 48 MB for what is young a parser uses a third; with half of that it is cleaned more often. */
const YOUNG_MB: Readonly<Record<Heaps, number>> = { usual: 16, small: 8 };

/** `stays`: there from the start, and kept; `on demand`: it ends when it has been idle for a while, and begins with a task. */
export type Life = 'stays' | 'on demand';

export async function startThread(heaps: Heaps, life: Life): Promise<Thread> {
  const { Piscina } = await import('piscina');
  await optimizeLate();
  if (heaps === 'small') await growSlowly();
  const pool = new Piscina({
    filename: workerFile(),
    minThreads: life === 'stays' ? 1 : 0,
    maxThreads: 1,
    idleTimeout: 5_000,
    atomics: 'disabled',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB[heaps] },
  });
  let stall = new AbortController();
  pool.on('error', (error: unknown) => {
    // A thread that dies with nothing to do fails nobody; one that cannot even start leaves its task without any.
    if (pool.queueSize === 0) return;
    stall.abort(error);
    stall = new AbortController();
  });

  async function runNow<Job extends keyof Jobs>(job: Job, task: ParseTask): Promise<Outcome<Jobs[Job]>[]> {
    const stalled = stall.signal;
    // A timer of its own: that of `AbortSignal.timeout` does not keep the process alive.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), TASK_DEADLINE_MS);
    const signal = AbortSignal.any([deadline.signal, stalled]);
    try {
      return await pool.run(task, { name: job, signal });
    } catch (error) {
      if (deadline.signal.aborted) throw new Error(`parsing took over ${TASK_DEADLINE_MS / 1000} s`);
      throw stalled.aborted ? stalled.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    run(job, task) {
      // What waits, waits here: where a thread has died, piscina begins another only with the next task.
      const turn = last.then(() => runNow(job, task));
      last = turn.catch(() => undefined);
      return turn;
    },
    close: () => pool.destroy(),
  };
}

/** Beside the bundle in the package; where the sources run by themselves, the built one serves too. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./worker.mjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/worker.mjs', import.meta.url));
}
