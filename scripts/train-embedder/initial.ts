/**
 * The table before training: tokens by the items that they occur in. A randomised singular value decomposition (Halko,
 * Martinsson and Tropp 2011) of TF-IDF: U·S but for a turn, which no cosine sees.
 */
import { DIMENSIONS } from '../../src/embed/embedder.ts';
import { newRandom } from '../eval-search/sample.ts';
import type { Examples } from './examples.ts';
import { SLOT, SLOTS } from './examples.ts';

const ROUNDS = 2;

/** Rows of tokens' weights by item, compressed. */
interface Sparse {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: Uint32Array;
  readonly places: Uint16Array;
  readonly values: Float32Array;
}

/** Writes a row of length 1 for each token that occurs in the items; a random one for the others. */
export function initialise(
  table: Float32Array,
  examples: Examples,
  chosen: readonly number[],
  seed: number,
): void {
  const size = table.length / DIMENSIONS;
  const matrix = tfIdf(examples, chosen, size);
  const random = newRandom(seed);
  let tokens = Float32Array.from({ length: table.length }, () => normal(random));
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round > 0) orthonormalise(tokens, size);
    const items = forward(matrix, tokens);
    orthonormalise(items, matrix.rows);
    tokens = backward(matrix, items);
  }
  for (let row = 0; row < size; row += 1) {
    const own = tokens.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    let length = Math.hypot(...own);
    if (length < 1e-6) {
      own.forEach((_, at) => (own[at] = normal(random)));
      length = Math.hypot(...own);
    }
    own.forEach((value, at) => (table[row * DIMENSIONS + at] = value / length));
  }
}

function tfIdf({ offsets, rows, counts }: Examples, chosen: readonly number[], size: number): Sparse {
  const slots = [
    SLOT.paragraph,
    SLOT.path,
    SLOT.context,
    SLOT.name,
    SLOT.signature,
    SLOT.body,
    SLOT.docAfterParagraph,
  ];
  const bags = chosen.map((example) => {
    const bag = new Map<number, number>();
    for (const slot of slots) {
      const first = example * SLOTS.length + slot;
      for (let at = offsets[first] as number; at < (offsets[first + 1] as number); at += 1)
        bag.set(rows[at] as number, (bag.get(rows[at] as number) ?? 0) + (counts[at] as number));
    }
    return bag;
  });
  const having = new Uint32Array(size);
  for (const bag of bags) for (const row of bag.keys()) having[row] = (having[row] as number) + 1;
  const total = bags.reduce((sum, bag) => sum + bag.size, 0);
  const sparse = {
    rows: bags.length,
    columns: size,
    offsets: new Uint32Array(bags.length + 1),
    places: new Uint16Array(total),
    values: new Float32Array(total),
  };
  let at = 0;
  bags.forEach((bag, row) => {
    const entries = [...bag].map(
      ([token, count]) =>
        [token, (1 + Math.log(count)) * Math.log(bags.length / (having[token] as number))] as const,
    );
    const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    for (const [token, value] of entries) {
      sparse.places[at] = token;
      sparse.values[at] = value / length;
      at += 1;
    }
    sparse.offsets[row + 1] = at;
  });
  return sparse;
}

/** Matrix · tokens. */
function forward({ rows, offsets, places, values }: Sparse, tokens: Float32Array): Float32Array<ArrayBuffer> {
  const items = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row += 1)
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1)
      addTimes(items, row * DIMENSIONS, tokens, (places[at] as number) * DIMENSIONS, values[at] as number);
  return items;
}

/** Transposed matrix · items. */
function backward(
  { rows, columns, offsets, places, values }: Sparse,
  items: Float32Array,
): Float32Array<ArrayBuffer> {
  const tokens = new Float32Array(columns * DIMENSIONS);
  for (let row = 0; row < rows; row += 1)
    for (let at = offsets[row] as number; at < (offsets[row + 1] as number); at += 1)
      addTimes(tokens, (places[at] as number) * DIMENSIONS, items, row * DIMENSIONS, values[at] as number);
  return tokens;
}

function addTimes(to: Float32Array, at: number, from: Float32Array, start: number, factor: number): void {
  for (let k = 0; k < DIMENSIONS; k += 1)
    to[at + k] = (to[at + k] as number) + factor * (from[start + k] as number);
}

/** Makes the columns of `rows` × DIMENSIONS orthonormal: Gram and Schmidt, by columns laid out one after the other. */
function orthonormalise(matrix: Float32Array, rows: number): void {
  const columns = Array.from({ length: DIMENSIONS }, (_, column) =>
    Float32Array.from({ length: rows }, (__, row) => matrix[row * DIMENSIONS + column] as number),
  );
  columns.forEach((column, at) => {
    for (const other of columns.slice(0, at)) {
      let product = 0;
      for (let row = 0; row < rows; row += 1) product += (column[row] as number) * (other[row] as number);
      for (let row = 0; row < rows; row += 1)
        column[row] = (column[row] as number) - product * (other[row] as number);
    }
    let square = 0;
    for (let row = 0; row < rows; row += 1) square += (column[row] as number) ** 2;
    const length = Math.sqrt(square) || 1;
    for (let row = 0; row < rows; row += 1) column[row] = (column[row] as number) / length;
  });
  columns.forEach((column, at) => {
    for (let row = 0; row < rows; row += 1) matrix[row * DIMENSIONS + at] = column[row] as number;
  });
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
