/**
 * The entry of a parser thread; what it exports the pool can ask for by name. A thread whose wasm heap has aborted
 * is dead for every later file: it ends itself, and the pool starts another.
 */
import { ParseFailure } from '../syntax/failure.ts';
import * as jobs from './jobs.ts';
import type { ParseTask } from './jobs.ts';

// Loaded while the first task is on its way, which hears of a failure.
jobs.ready().catch(() => undefined);

export const facts = orEnd(jobs.facts);
export const record = orEnd(jobs.record);
export const outline = orEnd(jobs.outline);
export const unsafe = orEnd(jobs.unsafe);
export const render = orEnd(jobs.render);
export const chunks = orEnd(jobs.chunks);
export const passages = orEnd(jobs.passages);
export const pieces = orEnd(jobs.pieces);

function orEnd<T>(job: (task: ParseTask) => Promise<T>): (task: ParseTask) => Promise<T> {
  return async (task) => {
    try {
      return await job(task);
    } catch (error) {
      return error instanceof ParseFailure ? endThread(error) : Promise.reject(error);
    }
  };
}

/** Thrown outside of the task's promise, the error ends the thread and fails the task. */
function endThread(error: ParseFailure): Promise<never> {
  process.nextTick(() => {
    throw error;
  });
  return new Promise(() => undefined);
}
