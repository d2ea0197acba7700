import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.ts';
import { ParseFailure } from '../syntax/parse.ts';
import type { FileRole } from '../types.ts';
import type { Jobs, Outcome, ParseTask } from './jobs.ts';
import type { RecordOptions } from './record.ts';

/**
 * A thread that answers nothing for so long is replaced; the file it was at has failed. A parse ends itself after
 * 5 s: this is for what hangs all the same, and leaves a slow machine the time to compile the grammar.
 */
const TASK_DEADLINE_MS = 60_000;

/** So much is parsed where we are, in the time that a thread would take to start; and a small machine is spared it. */
const HERE_BYTES = 128 * 1024;

/** Small files travel together: a message costs what parsing 200 bytes costs. */
const BATCH_BYTES = 96 * 1024;

/** A parser keeps the memory that its largest file took, forty times its size: such files share one. */
const LARGE_BYTES = 256 * 1024;

/** A thread costs some 30 MB. */
const MAX_THREADS = 8;

/** Where the files of a job lie, and how they are read. */
export interface ParseSource {
  readonly root: string;
  readonly maxFileSize: number;
  /** Absent where the local rules have no part in the job. */
  readonly options?: RecordOptions;
  /** Aborted: no further batch is begun. */
  readonly signal?: AbortSignal;
}

/** Where files are parsed: in this thread, or in others. */
export type Place = 'here' | 'threads';

export function placeFor(bytes: number): Place {
  return bytes <= HERE_BYTES ? 'here' : 'threads';
}

export interface ParserPool {
  /** Gets a parser ready before the first files come. */
  warm(place: Place): Promise<void>;
  /**
   * Does one job over all files. `onOutcome` hears of each file once, in no certain order, and work waits for it;
   * where the signal ends the job, not of all. Rejects with the first error of `onOutcome`.
   */
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
  /** Bytes. */
  readonly size: number;
  /** The job `render` looks at no other content. */
  readonly contentHash?: string | null;
}

type JobFunctions = { readonly [Job in keyof Jobs]: (task: ParseTask) => Promise<Outcome<Jobs[Job]>[]> };
type RunTask<T> = (task: ParseTask) => Promise<Outcome<T>[]>;

/**
 * Parses a few files where we are, and many in threads (piscina), one more whenever a batch has none to run on. A batch
 * that took its thread down (an aborted wasm heap, a parse that will not end) is tried again file by file, so that one
 * hostile file fails alone.
 */
export function createPool(): ParserPool {
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  let started: Promise<Threads> | undefined;
  const pool = () => (started ??= startThreads(threads));
  let brokenHere = false;
  const isForHere = (files: readonly ParseInput[]): boolean =>
    started === undefined && !brokenHere && placeFor(sizeOf(files)) === 'here';

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
    async warm(place) {
      if (place === 'here') await (await import('./jobs.ts')).ready();
      else await pool();
    },
    async each(job, source, files, onOutcome) {
      if (isForHere(files)) {
        const outcomes = await here(job, taskOf(source, files));
        for (const outcome of outcomes ?? []) await onOutcome(outcome);
        if (outcomes !== null) return;
      }
      const { run: runIn } = await pool();
      const run = (task: ParseTask) => runIn(job, task);
      const [small, large] = apart(files, ({ size }) => size > LARGE_BYTES);
      // Two batches a thread: one at work, one waiting, so that no thread idles and results do not pile up.
      await inLanes(threads * 2, source, small, run, onOutcome);
      await inLanes(1, source, large, run, onOutcome);
    },
    close: async () => (await started)?.close(),
  };
}

interface Threads {
  /** Rejects with why no thread has done it. */
  run<Job extends keyof Jobs>(job: Job, task: ParseTask): Promise<Outcome<Jobs[Job]>[]>;
  close(): Promise<void>;
}

async function startThreads(maxThreads: number): Promise<Threads> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    ...{ filename: workerFile(), minThreads: 1, maxThreads, idleTimeout: 5_000, atomics: 'disabled' },
    // Of Node's 48 MB for what is young a parser uses a third.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  let stall = new AbortController();
  pool.on('error', (error: unknown) => {
    // A thread that dies with nothing to do fails nobody; one that cannot even start leaves tasks without any.
    if (pool.queueSize === 0) return;
    stall.abort(error);
    stall = new AbortController();
  });
  return {
    async run(job, task) {
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
    },
    close: () => pool.destroy(),
  };
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
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < batches.length && !failed && source.signal?.aborted !== true) {
      const batch = batches[next++] as ParseInput[];
      for (const outcome of await runBatch(source, batch, run)) await onOutcome(outcome);
    }
  };
  // Where one lane fails, the others end what they are at.
  const running = Array.from({ length: Math.min(lanes, batches.length) }, () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(running);
  const end = ends.find(({ status }) => status === 'rejected');
  if (end?.status === 'rejected') throw end.reason;
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
      return [{ kind: 'failed', path: only.path, message: `the parser gave up: ${messageOf(error)}` }];
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
  const named = files.map(({ path, role, contentHash = null }) => ({ path, role, contentHash }));
  return { root, maxFileSize, options, files: named };
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

function sizeOf(files: readonly ParseInput[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function apart<T>(all: readonly T[], belongs: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter((one) => !belongs(one)), all.filter(belongs)];
}

/** Beside the bundle in the package; where the sources run by themselves, the built one serves too. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./worker.mjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/worker.mjs', import.meta.url));
}
