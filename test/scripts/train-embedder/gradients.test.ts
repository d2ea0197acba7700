import { expect, test } from 'vitest';
import { GROUPS } from '../../../src/embed/builtin/fields.ts';
import { DIMENSIONS } from '../../../src/embed/embedder.ts';
import type { Bag } from '../../../scripts/train-embedder/bag.ts';
import { backward, newBag, vectorOf } from '../../../scripts/train-embedder/bag.ts';
import { newLoss } from '../../../scripts/train-embedder/loss.ts';
import { times, transposedTimes } from '../../../scripts/train-embedder/matrix.ts';
import { newParameters } from '../../../scripts/train-embedder/parameters.ts';
import { newRandom } from '../../../scripts/eval-search/sample.ts';

const SIZE = 12;
const BATCH = 4;
const random = newRandom(7);
const parameters = newParameters(SIZE);
parameters.table.forEach((_, at) => (parameters.table[at] = random() - 0.4));
for (const values of [parameters.weights, parameters.fields])
  values.forEach((_, at) => (values[at] = 0.4 + random()));
parameters.scale[0] = Math.log(3);

/** Each text a few rows, some of them twice; queries have no field. */
function bagOf(at: number, field: number): Bag {
  const bag = newBag();
  for (const row of [at, at + 3, at + 7, (at * 5) % SIZE].map((one) => one % SIZE)) {
    bag.rows[bag.length] = row;
    bag.weightAt[bag.length] = (field === -1 ? 0 : 1 + (field % 2)) * SIZE + row;
    bag.fieldOf[bag.length] = field === -1 ? -1 : (field + bag.length) % parameters.fields.length;
    bag.shares[bag.length] = 0.3 + 0.1 * bag.length;
    bag.length += 1;
  }
  return bag;
}
const asked = Array.from({ length: BATCH }, (_, at) => bagOf(at, -1));
const found = Array.from({ length: BATCH }, (_, at) => bagOf(at + 2, at));

function forward() {
  const queries = new Float32Array(BATCH * DIMENSIONS);
  const items = new Float32Array(BATCH * DIMENSIONS);
  const vectors = (bags: readonly Bag[], to: Float32Array) =>
    bags.map((bag, at) => vectorOf(bag, parameters, to, at * DIMENSIONS));
  const lengths = { queries: vectors(asked, queries), items: vectors(found, items) };
  const sums = [new Float64Array(BATCH + 2)];
  const scale = Math.exp(parameters.scale[0] as number);
  const loss = newLoss({ own: BATCH, first: 0, batch: BATCH, queries, items, sums, thread: 0 });
  loss.exponentials(scale);
  loss.slopes(scale);
  const [own] = sums as [Float64Array];
  return { queries, items, lengths, loss, mean: (own[BATCH] as number) / (2 * BATCH), sums: own, scale };
}

function gradients() {
  const { queries, items, lengths, loss, sums, scale } = forward();
  const shape = { rows: BATCH, columns: BATCH, inner: DIMENSIONS };
  const slopes = { queries: new Float32Array(queries.length), items: new Float32Array(items.length) };
  times(loss.logits, items, slopes.queries, shape);
  transposedTimes(loss.logits, queries, slopes.items, shape);
  const into = {
    table: new Float32Array(parameters.table.length),
    weights: new Float32Array(SIZE * GROUPS.length),
    fields: new Float32Array(parameters.fields.length),
    touched: new Uint8Array(SIZE),
  };
  asked.forEach((bag, at) => {
    const unit = { from: at * DIMENSIONS, length: lengths.queries[at] as number };
    backward(bag, parameters, { vectors: queries, gradient: slopes.queries, ...unit }, into);
  });
  found.forEach((bag, at) => {
    const unit = { from: at * DIMENSIONS, length: lengths.items[at] as number };
    backward(bag, parameters, { vectors: items, gradient: slopes.items, ...unit }, into);
  });
  return { ...into, scale: Float32Array.of(((sums[BATCH + 1] as number) * scale) / (2 * BATCH)) };
}

/** What the loss changes by with one parameter, from both sides. */
function measured(values: Float32Array, at: number): number {
  const before = values[at] as number;
  const step = 0.01;
  values[at] = before + step;
  const above = forward().mean;
  values[at] = before - step;
  const below = forward().mean;
  values[at] = before;
  return (above - below) / (2 * step);
}

test.each(['table', 'weights', 'fields', 'scale'] as const)(
  'the slope of the loss by %s is what a small step shows',
  (name) => {
    const slopes = gradients()[name];
    const values = parameters[name];
    const places = [...slopes.keys()].filter((at) => at % Math.ceil(slopes.length / 12) === 0);
    for (const at of places) expect(slopes[at]).toBeCloseTo(measured(values, at), 3);
    expect(slopes.some((slope) => Math.abs(slope) > 0.002)).toBe(true);
  },
);
