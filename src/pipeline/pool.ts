import { NOTHING_SILENCED } from '../cache/dismissals.ts';
import { messageOf } from '../errors.ts';
import { ParseFailure } from '../syntax/failure.ts';
import type { FileRole } from '../types/source.ts';
import type { Jobs, Outcome, ParseTask } from './jobs.ts';
import type { RecordOptions } from './record.ts';
import type { Heaps, Thread } from './threads.ts';
import { startThread, threadCount } from './threads.ts';
import { optimizeLate, optimizeWasmLate } from './v8-flags.ts';

/** So much is parsed where we are, in the time that a thread would take to start; and a small machine is spared it. */
const HERE_BYTES = 128 * 1024;

/** Small files travel together: a message costs what parsing 200 bytes costs. */
const BATCH_BYTES = 128 * 1024;

/** A parser keeps the memory that its largest file took, forty times its size: such files share the first thread's. */
const LARGE_BYTES = 256 * 1024;

/** Where the files of a job lie, and how they are read. */
export interface ParseSource {
  readonly root: string;
  readonly maxFileSize: number;
  /** Absent where the local rules have no part in the job. */
  readonly options?: RecordOptions;
  /** See `ParseTask`. */
  readonly chunks?: boolean;
  readonly embeds?: boolean;
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
  /** See `ParseTaskFile`. */
  readonly contentHash?: string | null;
}

type JobFunctions = { readonly [Job in keyof Jobs]: (task: ParseTask) => Promise<Outcome<Jobs[Job]>[]> };
type RunTask<T> = (task: ParseTask) => Promise<Outcome<T>[]>;

/**
 * Parses a few files where we are, and many in threads, as many as there are batches for. A batch that took its thread
 * down (an aborted wasm heap, a parse that will not end) is tried again file by file, so that one hostile file fails alone.
 */
export function createPool(heaps: Heaps = 'usual'): ParserPool {
  const threads: Promise<Thread>[] = [];
  const threadAt = (at: number) => (threads[at] ??= startThread(heaps, at === 0 ? 'stays' : 'on demand'));
  let brokenHere = false;
  const isForHere = (files: readonly ParseInput[]): boolean =>
    threads.length === 0 && !brokenHere && placeFor(sizeOf(files)) === 'here';

  /** Null where this thread's parser has broken down. */
  async function here<Job extends keyof Jobs>(
    job: Job,
    task: ParseTask,
  ): Promise<Outcome<Jobs[Job]>[] | null> {
    const jobs: JobFunctions = await jobsHere();
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
      if (place === 'here') await (await jobsHere()).ready();
      else await threadAt(0);
    },
    async each(job, source, files, onOutcome) {
      if (isForHere(files)) {
        const outcomes = await here(job, taskOf(source, files));
        for (const outcome of outcomes ?? []) await onOutcome(outcome);
        if (outcomes !== null) return;
      }
      const runIn = async (at: number): Promise<RunTask<Jobs[typeof job]>> => {
        const thread = await threadAt(at);
        return (task) => thread.run(job, task);
      };
      await inLanes(source, files, runIn, onOutcome);
    },
    async close() {
      await Promise.all(threads.map(async (thread) => (await thread).close()));
    },
  };
}

async function jobsHere() {
  await optimizeWasmLate();
  await optimizeLate();
  return import('./jobs.ts');
}

/** Two lanes a thread: one batch at work, one waiting, so that no thread idles and results do not pile up. */
async function inLanes<T>(
  source: ParseSource,
  files: readonly ParseInput[],
  runIn: (thread: number) => Promise<RunTask<T>>,
  onOutcome: (outcome: Outcome<T>) => void | Promise<void>,
): Promise<void> {
  const large = batchesOf(files.filter(isLarge)).reverse();
  const small = batchesOf(files.filter((file) => !isLarge(file))).reverse();
  let failed = false;
  const lane = async (thread: number): Promise<void> => {
    while (!failed && source.signal?.aborted !== true) {
      // Early, lest they be what all others wait for in the end.
      const batch = (thread === 0 ? large.pop() : undefined) ?? small.pop();
      if (batch === undefined) return;
      const run = await runIn(thread);
      for (const outcome of await runBatch(source, batch, run)) await onOutcome(outcome);
    }
  };
  const count = threadCount();
  // Where one lane fails, the others end what they are at.
  const running = Array.from({ length: count * 2 }, (_, at) =>
    lane(at % count).catch((error: unknown) => {
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
    // Alone it is tried once more too: what the files before it left of the parser's memory may have been too little.
    if (attempt > 0 && others.length === 0) {
      return [{ kind: 'failed', path: only.path, message: `the parser gave up: ${messageOf(error)}` }];
    }
    const outcomes: Outcome<T>[] = [];
    for (const file of files) outcomes.push(...(await runBatch(source, [file], run, attempt + 1)));
    return outcomes;
  }
}

const NO_RULES: RecordOptions = { rules: {}, variant: '', silence: NOTHING_SILENCED, at: 0 };

function taskOf(
  { root, maxFileSize, options = NO_RULES, chunks = false, embeds = false }: ParseSource,
  files: readonly ParseInput[],
): ParseTask {
  const named = files.map(({ path, role, contentHash = null }) => ({ path, role, contentHash }));
  return { root, maxFileSize, options, chunks, embeds, files: named };
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

function isLarge({ size }: ParseInput): boolean {
  return size > LARGE_BYTES;
}
