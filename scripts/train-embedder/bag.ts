/** One text as a weighted sum of rows, and the way back from the vector's gradient to the parameters. */
import { DIMENSIONS } from '../../src/embed/embedder.ts';
import type { Examples } from './examples.ts';
import { SLOTS } from './examples.ts';
import type { Parameters } from './parameters.ts';

/** The entries that make a vector, in memory that is used again and again. */
export interface Bag {
  length: number;
  /** Row of the table. */
  readonly rows: Int32Array;
  /** Where the token's weight stands. */
  readonly weightAt: Int32Array;
  /** -1: a query's, which has no field. */
  readonly fieldOf: Int8Array;
  /** (1 + ln count) over the root of their sum in the field: what the weights are multiplied by. */
  readonly shares: Float32Array;
}

const MOST_ENTRIES = 1024;

export function newBag(): Bag {
  return {
    length: 0,
    rows: new Int32Array(MOST_ENTRIES),
    weightAt: new Int32Array(MOST_ENTRIES),
    fieldOf: new Int8Array(MOST_ENTRIES),
    shares: new Float32Array(MOST_ENTRIES),
  };
}

/** Tokens of a slot, each with the chance to be left out, in a field's weight group. */
export interface Part {
  readonly example: number;
  readonly slot: number;
  readonly field: number;
  readonly group: number;
}

const LOGARITHMS = Float32Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

export function addPart(bag: Bag, examples: Examples, size: number, part: Part, keeps: () => boolean): void {
  const { offsets, rows, counts } = examples;
  const first = part.example * SLOTS.length + part.slot;
  const begin = bag.length;
  let sum = 0;
  for (let at = offsets[first] as number; at < (offsets[first + 1] as number); at += 1) {
    if (bag.length >= MOST_ENTRIES || !keeps()) continue;
    const row = rows[at] as number;
    const share = LOGARITHMS[counts[at] as number] as number;
    bag.rows[bag.length] = row;
    bag.weightAt[bag.length] = part.group * size + row;
    bag.fieldOf[bag.length] = part.field;
    bag.shares[bag.length] = share;
    sum += share;
    bag.length += 1;
  }
  const norm = sum === 0 ? 0 : 1 / Math.sqrt(sum);
  for (let at = begin; at < bag.length; at += 1) bag.shares[at] = (bag.shares[at] as number) * norm;
}

/** The bag's vector into `out` at `to`, scaled to length 1; returns the length that it had. */
export function vectorOf(
  bag: Bag,
  { table, weights, fields }: Parameters,
  out: Float32Array,
  to: number,
): number {
  out.fill(0, to, to + DIMENSIONS);
  for (let at = 0; at < bag.length; at += 1) {
    const field = bag.fieldOf[at] as number;
    const own = (bag.shares[at] as number) * (weights[bag.weightAt[at] as number] as number);
    const factor = field === -1 ? own : own * (fields[field] as number);
    const from = (bag.rows[at] as number) * DIMENSIONS;
    for (let k = 0; k < DIMENSIONS; k += 1)
      out[to + k] = (out[to + k] as number) + factor * (table[from + k] as number);
  }
  let square = 0;
  for (let k = 0; k < DIMENSIONS; k += 1) square += (out[to + k] as number) ** 2;
  const length = Math.sqrt(square);
  if (length > 0) for (let k = 0; k < DIMENSIONS; k += 1) out[to + k] = (out[to + k] as number) / length;
  return length;
}

/** Gradients of one thread, and which rows have any. */
export interface Gradients {
  readonly table: Float32Array;
  readonly weights: Float32Array;
  readonly fields: Float32Array;
  /** 1 where the row was touched. */
  readonly touched: Uint8Array;
}

/** Adds what the vector's gradient (at `from`, overwritten) says of the bag's parameters. */
export function backward(
  bag: Bag,
  { table, weights, fields }: Parameters,
  unit: {
    readonly vectors: Float32Array;
    readonly gradient: Float32Array;
    readonly from: number;
    readonly length: number;
  },
  into: Gradients,
): void {
  const { vectors, gradient, from, length } = unit;
  if (length === 0) return;
  // Of a vector scaled to length 1 only what is across to it counts.
  let along = 0;
  for (let k = 0; k < DIMENSIONS; k += 1)
    along += (vectors[from + k] as number) * (gradient[from + k] as number);
  for (let k = 0; k < DIMENSIONS; k += 1)
    gradient[from + k] = ((gradient[from + k] as number) - along * (vectors[from + k] as number)) / length;
  for (let at = 0; at < bag.length; at += 1) {
    const row = bag.rows[at] as number;
    const start = row * DIMENSIONS;
    const place = bag.weightAt[at] as number;
    const field = bag.fieldOf[at] as number;
    const alpha = field === -1 ? 1 : (fields[field] as number);
    const share = bag.shares[at] as number;
    const weight = weights[place] as number;
    const factor = share * weight * alpha;
    let product = 0;
    for (let k = 0; k < DIMENSIONS; k += 1) {
      const slope = gradient[from + k] as number;
      product += slope * (table[start + k] as number);
      into.table[start + k] = (into.table[start + k] as number) + factor * slope;
    }
    into.touched[row] = 1;
    into.weights[place] = (into.weights[place] as number) + share * alpha * product;
    if (field !== -1) into.fields[field] = (into.fields[field] as number) + share * weight * product;
  }
}
