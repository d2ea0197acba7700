import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.ts';
import type { FileRole, RuleSetting } from '../types.ts';
import type { Jobs, Outcome, ParseTask } from './worker.ts';

/**
 * A thread that answers nothing for so long is replaced; the file it was at has failed. A parse ends itself after
 * 5 s: this is for what hangs all the same, and leaves a slow machine the time to compile the grammar.
 */
const TASK_DEADLINE_MS = 60_000;

/** Small files travel together: a message costs what parsing 200 bytes costs. */
const BATCH_BYTES = 96 * 1024;

export interface ParserPool {
  /** Does one job over all files, in batches; `onOutcome` hears of each file once, in no certain order; work waits for it. */
  each<Job extends keyof Jobs>(
    job: Job,
    files: readonly ParseInput[],
    onOutcome: (outcome: Outcome<Jobs[Job]>) => void | Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}

export interface ParseInput {
  readonly path: string;
  readonly role: FileRole;
  readonly size: number;
}

export interface PoolOptions {
  readonly root: string;
  readonly maxFileSize: number;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** A thread costs about 30 MB and 60 ms to start: for a handful of files one is enough. */
export function threadsFor(files: number): number {
  return Math.max(1, Math.min(availableParallelism(), 8, Math.ceil(files / 8)));
}

type RunTask<T> = (task: ParseTask) => Promise<Outcome<T>[]>;

/**
 * Parser threads (piscina), started when the first batch is there. A batch that took its thread down (an
 * aborted wasm heap, a parse that will not end) is tried again file by file, so that one hostile file fails
 * alone.
 */
export async function openPool(options: PoolOptions): Promise<ParserPool> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: workerFile(),
    minThreads: 0,
    maxThreads: options.threads,
    idleTimeout: 5_000,
    atomics: 'disabled',
  });
  // A thread that dies with nothing to do fails nobody; the next task starts another.
  pool.on('error', () => undefined);
  return {
    each: (job, files, onOutcome) => {
      const run = (task: ParseTask) =>
        pool.run(task, { name: job, signal: AbortSignal.timeout(TASK_DEADLINE_MS) });
      return inLanes(files, options, run, onOutcome);
    },
    close: () => pool.destroy(),
  };
}

async function inLanes<T>(
  files: readonly ParseInput[],
  options: PoolOptions,
  run: RunTask<T>,
  onOutcome: (outcome: Outcome<T>) => void | Promise<void>,
): Promise<void> {
  const batches = batchesOf(files);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < batches.length && !options.signal.aborted; at = next++) {
      for (const outcome of await runBatch(batches[at] as ParseInput[], options, run)) {
        await onOutcome(outcome);
      }
    }
  };
  // Two batches a thread: one at work, one waiting, so that no thread idles and results do not pile up.
  await Promise.all(Array.from({ length: options.threads * 2 }, lane));
}

async function runBatch<T>(
  files: readonly ParseInput[],
  options: PoolOptions,
  run: RunTask<T>,
  attempt = 0,
): Promise<Outcome<T>[]> {
  const { root, maxFileSize, rules } = options;
  const task = { root, maxFileSize, rules, files: files.map(({ path, role }) => ({ path, role })) };
  try {
    return await run(task);
  } catch (error) {
    const [only, ...others] = files;
    if (only === undefined) return [];
    // Alone it is tried once more too: it may have waited for a thread that another file had taken down.
    if (attempt > 0 && others.length === 0) {
      return [{ kind: 'failed', path: only.path, message: whyFailed(error) }];
    }
    const outcomes: Outcome<T>[] = [];
    for (const file of files) outcomes.push(...(await runBatch([file], options, run, attempt + 1)));
    return outcomes;
  }
}

function whyFailed(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') {
    return `parsing took over ${TASK_DEADLINE_MS / 1000} s`;
  }
  return `the parser gave up: ${messageOf(error)}`;
}

function batchesOf(files: readonly ParseInput[]): ParseInput[][] {
  const batches: ParseInput[][] = [];
  let batch: ParseInput[] = [];
  let bytes = 0;
  for (const file of files) {
    if (bytes + file.size > BATCH_BYTES && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Beside the bundle in the package; where the sources run by themselves, the built one serves too. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./worker.mjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/worker.mjs', import.meta.url));
}
