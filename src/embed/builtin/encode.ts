import { DIMENSIONS } from '../embedder.ts';
import type { Field } from './fields.ts';
import { FIELDS, GROUP_OF, WORDS } from './fields.ts';
import type { Model } from './format.ts';
import { newTokenizer } from './tokenizer.ts';

export interface Encoder {
  query(text: string): Float32Array;
  item(fields: Readonly<Record<Field, string>>): Float32Array;
}

/** 1 + ln n, to the last digit the same on every machine: `Math.log` need not be. The last stands for all above it. */
const LOGARITHMS = [
  0, 1, 1.693147, 2.098612, 2.386294, 2.609438, 2.791759, 2.94591, 3.079442, 3.197225, 3.302585, 3.397895,
  3.484907, 3.564949, 3.639057, 3.70805, 3.772589,
] as const;
const MOST = LOGARITHMS.length - 1;

/**
 * A text as a weighted sum of its tokens' rows, scaled to length 1 (0 where it has none): an item is the sum of its
 * fields, each Σ (1 + ln count) · row over the root of Σ (1 + ln count). All is sums, products and roots in a fixed
 * order: the same numbers on every machine.
 */
export function newEncoder({ header, rows, scales, table }: Model): Encoder {
  const tokenizer = newTokenizer(rows);
  const size = header.rows;
  /** Of the field at work: how often a row stands there; of the whole text: the row's factor. */
  const counts = new Uint16Array(size);
  const factors = new Float64Array(size);
  const seen = new Uint8Array(size);
  let inField: number[] = [];
  let inText: number[] = [];

  const visit = (row: number): void => {
    if (counts[row] === 0) inField.push(row);
    counts[row] = (counts[row] as number) + 1;
  };

  function add(text: string, words: number, group: number, weight: number): void {
    tokenizer(text, words, visit);
    let sum = 0;
    for (const row of inField) sum += LOGARITHMS[Math.min(counts[row] as number, MOST)] as number;
    const share = sum === 0 ? 0 : weight / Math.sqrt(sum);
    for (const row of inField) {
      const logarithm = LOGARITHMS[Math.min(counts[row] as number, MOST)] as number;
      factors[row] = (factors[row] as number) + share * logarithm * (scales[group * size + row] as number);
      if (seen[row] === 0) inText.push(row);
      seen[row] = 1;
      counts[row] = 0;
    }
    inField = [];
  }

  function vector(): Float32Array {
    const sum = new Float64Array(DIMENSIONS);
    for (const row of inText) {
      const factor = factors[row] as number;
      const from = row * DIMENSIONS;
      for (let at = 0; at < DIMENSIONS; at += 1)
        sum[at] = (sum[at] as number) + factor * (table[from + at] as number);
      factors[row] = 0;
      seen[row] = 0;
    }
    inText = [];
    return unit(sum);
  }

  return {
    query(text) {
      add(text, WORDS.query, 0, 1);
      return vector();
    },
    item(fields) {
      for (const field of FIELDS) add(fields[field], WORDS[field], GROUP_OF[field], header.fields[field]);
      return vector();
    },
  };
}

function unit(sum: Float64Array): Float32Array {
  let square = 0;
  for (let at = 0; at < DIMENSIONS; at += 1) square += (sum[at] as number) * (sum[at] as number);
  const length = Math.sqrt(square);
  const vector = new Float32Array(DIMENSIONS);
  if (length === 0) return vector;
  for (let at = 0; at < DIMENSIONS; at += 1) vector[at] = (sum[at] as number) / length;
  return vector;
}
