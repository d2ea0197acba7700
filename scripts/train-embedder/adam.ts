import { DIMENSIONS } from '../../src/embed/embedder.ts';
import { GROUPS } from '../../src/embed/builtin/fields.ts';
import type { Gradients } from './bag.ts';
import type { Parameters } from './parameters.ts';
import type { Settings } from './settings.ts';

const BETA1 = 0.9;
const BETA2 = 0.98;
const EPSILON = 1e-8;

/** Running means of gradients and of their squares. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** The rate of a step: linear to its full height, then down along half a cosine. */
export function rateAt({ rate, warmUp }: Settings, step: number, steps: number): number {
  if (step < warmUp) return (rate * (step + 1)) / warmUp;
  return (rate / 2) * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)));
}

/** One value of Kingma and Ba's Adam (2014). Returns what the parameter changes by. */
export function adam(
  { first, second }: Moments,
  at: number,
  gradient: number,
  rate: number,
  step: number,
): number {
  const mean = (first[at] = BETA1 * (first[at] as number) + (1 - BETA1) * gradient);
  const square = (second[at] = BETA2 * (second[at] as number) + (1 - BETA2) * gradient * gradient);
  const corrected = mean / (1 - BETA1 ** (step + 1));
  return (-rate * corrected) / (Math.sqrt(square / (1 - BETA2 ** (step + 1))) + EPSILON);
}

/** Moves the rows that a thread looks after, of those that any thread touched, and clears their gradients. */
export function moveRows(
  parameters: Parameters,
  gradients: readonly Gradients[],
  moments: { readonly table: Moments; readonly weights: Moments },
  {
    thread,
    threads,
    rate,
    weightRate,
    step,
  }: { thread: number; threads: number; rate: number; weightRate: number; step: number },
): void {
  const { table, weights, size } = parameters;
  const correction1 = 1 / (1 - BETA1 ** (step + 1));
  const correction2 = 1 / (1 - BETA2 ** (step + 1));
  const { first, second } = moments.table;
  for (let row = thread; row < size; row += threads) {
    if (!gradients.some(({ touched }) => touched[row] === 1)) continue;
    for (let at = row * DIMENSIONS; at < (row + 1) * DIMENSIONS; at += 1) {
      let gradient = 0;
      for (const own of gradients) {
        gradient += own.table[at] as number;
        own.table[at] = 0;
      }
      const mean = (first[at] = BETA1 * (first[at] as number) + (1 - BETA1) * gradient);
      const square = (second[at] = BETA2 * (second[at] as number) + (1 - BETA2) * gradient * gradient);
      table[at] =
        (table[at] as number) - (rate * mean * correction1) / (Math.sqrt(square * correction2) + EPSILON);
    }
    for (let group = 0; group < GROUPS.length; group += 1) {
      const at = group * size + row;
      let gradient = 0;
      for (const own of gradients) {
        gradient += own.weights[at] as number;
        own.weights[at] = 0;
      }
      if (gradient !== 0)
        weights[at] = (weights[at] as number) + adam(moments.weights, at, gradient, rate * weightRate, step);
    }
    for (const own of gradients) own.touched[row] = 0;
  }
}
