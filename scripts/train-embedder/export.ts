import type { Field } from '../../src/embed/builtin/fields.ts';
import { FIELDS } from '../../src/embed/builtin/fields.ts';
import type { Header } from '../../src/embed/builtin/format.ts';
import { writeModel } from '../../src/embed/builtin/format.ts';
import { DIMENSIONS } from '../../src/embed/embedder.ts';
import type { Parameters } from './parameters.ts';
import type { Vocabulary } from './vocabulary.ts';

const LARGEST = 127;

/** The model's file: rows as int8, each scaled by its largest value, the token's weights folded into the scale. */
export function exported(
  { table, weights, fields }: Parameters,
  { rows, size }: Vocabulary,
  facts: Pick<Header, 'name' | 'licence' | 'trainedOn'>,
): Uint8Array {
  const bytes = new Int8Array(size * DIMENSIONS);
  const scales = Float32Array.from(weights);
  for (let row = 0; row < size; row += 1) {
    const values = table.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
    values.forEach((value, at) => (bytes[row * DIMENSIONS + at] = Math.round((value / largest) * LARGEST)));
    for (let at = row; at < scales.length; at += size)
      scales[at] = ((scales[at] as number) * largest) / LARGEST;
  }
  const words: string[][] = Array.from({ length: size }, () => []);
  for (const [word, row] of rows) words[row]?.push(word);
  const weighed = Object.fromEntries(FIELDS.map((field, at) => [field, fields[at]])) as Record<Field, number>;
  return writeModel({ ...facts, fields: weighed }, { words, scales, table: bytes });
}
