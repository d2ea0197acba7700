import { DIMENSIONS } from '../../src/embed/embedder.ts';
import type { Gradients } from './bag.ts';
import type { Examples } from './examples.ts';
import { FIELDS, GROUPS } from '../../src/embed/builtin/fields.ts';
import type { Parameters } from './parameters.ts';
import { sharedFloats } from './parameters.ts';
import type { Settings } from './settings.ts';
import { answerOf, startThread } from './thread.ts';
import type { Shared } from './train-thread.ts';

/** Threads that train, and all that they would need to go on later. */
export interface Training {
  /** What is learnt, and Adam's means of it. */
  readonly state: readonly Float32Array[];
  /** Runs one epoch; gives the mean loss. */
  run(epoch: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Learns the parameters by InfoNCE both ways (van den Oord et al. 2018): of each batch a query's own item is to be
 * nearer than all others, and an item's own query.
 */
export function openTraining(
  examples: Examples,
  training: readonly number[],
  parameters: Parameters,
  settings: Settings,
): Training {
  const { threads, batch } = settings;
  const { size } = parameters;
  const moments = (length: number) => ({ first: sharedFloats(length), second: sharedFloats(length) });
  const each = <Value>(make: () => Value): Value[] => Array.from({ length: threads }, make);
  const means = {
    table: moments(size * DIMENSIONS),
    weights: moments(size * GROUPS.length),
    small: moments(FIELDS.length + 1),
  };
  const all: Omit<Shared, 'thread'> = {
    ...{ settings, examples, training, parameters, moments: means },
    gradients: each(() => newGradients(size)),
    itemSlopes: each(() => sharedFloats(batch * DIMENSIONS)),
    sums: each(() => new Float64Array(new SharedArrayBuffer((batch + 2) * 8))),
    queries: sharedFloats(batch * DIMENSIONS),
    items: sharedFloats(batch * DIMENSIONS),
    barrier: new Int32Array(new SharedArrayBuffer(8)),
  };
  const workers = Array.from({ length: threads }, (_, thread) =>
    startThread('./train-thread.ts', { ...all, thread }),
  );
  const { table, weights, fields, scale } = parameters;
  return {
    state: [
      table,
      weights,
      fields,
      scale,
      ...Object.values(means).flatMap(({ first, second }) => [first, second]),
    ],
    async run(epoch) {
      const [loss = Number.NaN] = await Promise.all(workers.map((worker) => answerOf<number>(worker, epoch)));
      return loss;
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

function newGradients(size: number): Gradients {
  return {
    table: sharedFloats(size * DIMENSIONS),
    weights: sharedFloats(size * GROUPS.length),
    fields: sharedFloats(FIELDS.length),
    touched: new Uint8Array(new SharedArrayBuffer(size)),
  };
}
