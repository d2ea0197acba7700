import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { messageOf } from '../errors.ts';
import { ParseFailure } from '../syntax/parse.ts';
import type { FileRole } from '../types.ts';
import type { RecordOptions } from './record.ts';
import type { Jobs, Outcome, ParseTask } from './jobs.ts';

/**
 * A thread that answers nothing for so long is replaced; the file it was at has failed. A parse ends itself after
 * 5 s: this is for what hangs all the same, and leaves a slow machine the time to compile the grammar.
 */
const TASK_DEADLINE_MS = 60_000;

/** So much is parsed where we are, in the time that a thread would take to start; and a small machine is spared it. */
const HERE_BYTES = 128 * 1024;

/** Small files travel together: a message costs what parsing 200 bytes costs. */
const BATCH_BYTES = 96 * 1024;

/** Where the files of a job lie, and how they are read. */
export interface ParseSource {
  readonly root: string;
  readonly maxFileSize: number;
  /** Absent where the local rules have no part in the job. */
  readonly options?: RecordOptions;
  /** Aborted: no further batch is begun. */
  readonly signal?: AbortSignal;
}

export interface ParserPool {
  /** Loads a parser, so that it is ready when the first files come: here for a few, or a thread for many. */
  warm(expected: 'few' | 'many'): Promise<void>;
  /** Does one job over all files, in batches; `onOutcome` hears of each file once, in no certain order; work waits for it. */
  each<Job extends keyof Jobs>(
    job: Job,
    source: ParseSource,
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

/** A thread costs some 30 MB. */
const MAX_THREADS = 8;

type JobFunctions = { readonly [Job in keyof Jobs]: (task: ParseTask) => Promise<Outcome<Jobs[Job]>[]> };
type RunTask<T> = (task: ParseTask) => Promise<Outcome<T>[]>;

/**
 * Parser threads (piscina), one more whenever a batch has none to run on. A batch that took its thread down (an
 * aborted wasm heap, a parse that will not end) is tried again file by file, so that one hostile file fails alone.
 */
export function createPool(): ParserPool {
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  let started: Promise<Piscina> | undefined;
  const pool = () => (started ??= startPool(threads));
  let brokenHere = false;

  /** Null where this thread's parser has broken down. */
  async function here<Job extends keyof Jobs>(
    job: Job,
    task: ParseTask,
  ): Promise<Outcome<Jobs[Job]>[] | null> {
    const jobs: JobFunctions = await import('./jobs.ts');
    try {
      return await jobs[job](task);
    } catch (error) {
      if (!(error instanceof ParseFailure)) throw error;
      brokenHere = true;
      return null;
    }
  }

  return {
    async warm(expected) {
      if (expected === 'many') await pool();
      else await (await import('./jobs.ts')).parser();
    },
    async each(job, source, files, onOutcome) {
      if (!brokenHere && files.reduce((sum, { size }) => sum + size, 0) <= HERE_BYTES) {
        const outcomes = await here(job, taskOf(source, files));
        for (const outcome of outcomes ?? []) await onOutcome(outcome);
        if (outcomes !== null) return;
      }
      const piscina = await pool();
      const run = (task: ParseTask) =>
        piscina.run(task, { name: job, signal: AbortSignal.timeout(TASK_DEADLINE_MS) });
      // Two batches a thread: one at work, one waiting, so that no thread idles and results do not pile up.
      await inLanes(threads * 2, source, files, run, onOutcome);
    },
    close: async () => (await started)?.destroy(),
  };
}

async function startPool(maxThreads: number): Promise<Piscina> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    ...{ filename: workerFile(), minThreads: 1, maxThreads },
    // The next batch lies with the thread already, so that it need not wait until we have time to hand it over.
    ...{ concurrentTasksPerWorker: 2, idleTimeout: 5_000, atomics: 'disabled' },
  });
  // A thread that dies with nothing to do fails nobody; the next task starts another.
  pool.on('error', () => undefined);
  return pool;
}

async function inLanes<T>(
  lanes: number,
  source: ParseSource,
  files: readonly ParseInput[],
  run: RunTask<T>,
  onOutcome: (outcome: Outcome<T>) => void | Promise<void>,
): Promise<void> {
  const batches = batchesOf(files);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < batches.length && source.signal?.aborted !== true; at = next++) {
      for (const outcome of await runBatch(source, batches[at] as ParseInput[], run)) {
        await onOutcome(outcome);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, batches.length) }, lane));
}

async function runBatch<T>(
  source: ParseSource,
  files: readonly ParseInput[],
  run: RunTask<T>,
  attempt = 0,
): Promise<Outcome<T>[]> {
  try {
    return await run(taskOf(source, files));
  } catch (error) {
    const [only, ...others] = files;
    if (only === undefined) return [];
    // Alone it is tried once more too: it may have waited for a thread that another file had taken down.
    if (attempt > 0 && others.length === 0) {
      return [{ kind: 'failed', path: only.path, message: whyFailed(error) }];
    }
    const outcomes: Outcome<T>[] = [];
    for (const file of files) outcomes.push(...(await runBatch(source, [file], run, attempt + 1)));
    return outcomes;
  }
}

const NO_RULES: RecordOptions = { rules: {}, variant: '', at: 0 };

function taskOf(
  { root, maxFileSize, options = NO_RULES }: ParseSource,
  files: readonly ParseInput[],
): ParseTask {
  return { root, maxFileSize, options, files: files.map(({ path, role }) => ({ path, role })) };
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
