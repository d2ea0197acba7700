import type { TableLike } from '@lancedb/lancedb';
import type * as Lance from '@lancedb/lancedb';
import type { Data, RecordBatch } from 'apache-arrow';
import type { VectorRow } from './row.ts';

/**
 * Rows on their way into a table, column by column as Arrow lays them out, outside of the heap: what a row was made of is
 * free at once, and LanceDB, which turns records into Arrow value by value, has nothing left to do.
 */
export interface Columns {
  /** Rows so far. */
  length(): number;
  /** All vectors are of one length. */
  add(row: VectorRow): void;
  /** The rows, one at least, as LanceDB takes them. */
  table(library: Pick<typeof Lance, 'makeArrowTable'>): TableLike;
}

type Value = VectorRow[keyof VectorRow];

interface Column<Of extends Value = Value> {
  add(value: Of): void;
  /** The column, of the type of the one given. */
  data(like: Data): Data;
}

/** `capacity`: rows that are expected. */
export function newColumns(capacity: number): Columns {
  const columns: Column[] = [];
  let first: VectorRow | null = null;
  let length = 0;
  return {
    length: () => length,
    add(row) {
      first ??= row;
      for (const [at, value] of (Object.values(row) as Value[]).entries())
        (columns[at] ??= columnFor(value, capacity)).add(value);
      length += 1;
    },
    table({ makeArrowTable }) {
      // Types are LanceDB's affair, and Arrow's objects must come from its own copy of that library.
      const { schema, batches } = makeArrowTable(first === null ? [] : [{ ...first }]);
      const { data } = batches[0] as RecordBatch;
      const children = columns.map((column, at) => column.data(data.children[at] as Data));
      return { schema, batches: [{ schema, data: filled(data, length, {}, children) }] };
    },
  };
}

/** A column of such values. */
function columnFor(value: Value, capacity: number): Column {
  const column = (): Column<never> => {
    if (typeof value === 'string') return texts(capacity);
    if (typeof value === 'boolean') return flags();
    return typeof value === 'number' ? numbers() : vectors(value.length, capacity);
  };
  return column() as Column;
}

function numbers(): Column<number> {
  const values: number[] = [];
  return {
    add: (value) => void values.push(value),
    data: (like) => filled(like, values.length, { values: Float64Array.from(values) }),
  };
}

function flags(): Column<boolean> {
  const values: boolean[] = [];
  return {
    add: (value) => void values.push(value),
    data(like) {
      // The first value is the lowest bit.
      const packed = new Uint8Array(Math.ceil(values.length / 8));
      for (const [at, value] of values.entries())
        if (value) packed[at >> 3] = (packed[at >> 3] as number) | (1 << (at & 7));
      return filled(like, values.length, { values: packed });
    },
  };
}

/** All texts as one, and where each begins. */
function texts(capacity: number): Column<string> {
  const offsets = [0];
  const bytes = growing(capacity * HASH_BYTES);
  return {
    add(text) {
      const size = Buffer.byteLength(text);
      bytes.next(size).write(text);
      offsets.push((offsets.at(-1) as number) + size);
    },
    data: (like) =>
      filled(like, offsets.length - 1, { offsets: Int32Array.from(offsets), values: bytes.all() }),
  };
}

function vectors(dimensions: number, capacity: number): Column<Float32Array> {
  const bytes = growing(capacity * dimensions * Float32Array.BYTES_PER_ELEMENT);
  return {
    add: ({ buffer, byteOffset, byteLength }) =>
      void bytes.next(byteLength).set(new Uint8Array(buffer, byteOffset, byteLength)),
    data(like) {
      const { buffer, byteLength } = bytes.all();
      const values = new Float32Array(buffer, 0, byteLength / Float32Array.BYTES_PER_ELEMENT);
      const child = filled(like.children[0] as Data, values.length, { values });
      return filled(like, values.length / dimensions, {}, [child]);
    },
  };
}

/** Other data of the same type; no value is null. */
function filled(
  like: Data,
  length: number,
  { offsets, values }: { readonly offsets?: Int32Array; readonly values?: ArrayBufferView },
  children: Data[] = [],
): Data {
  // By Arrow's `BufferType`.
  const buffers = [offsets, values, undefined, undefined] as unknown as Parameters<Data['clone']>[4];
  return like.clone(like.type, 0, length, 0, buffers, children);
}

/** Of a hash as text: most columns hold about that or less. */
const HASH_BYTES = 64;

/** Bytes that are appended to, from the start of their buffer on. */
function growing(expected: number) {
  let bytes = Buffer.from(new ArrayBuffer(expected));
  let end = 0;
  return {
    /** Room for so many, to be filled at once. */
    next(size: number): Buffer {
      if (end + size > bytes.length) {
        const larger = Buffer.from(new ArrayBuffer(Math.max(end + size, bytes.length * 2)));
        larger.set(bytes.subarray(0, end));
        bytes = larger;
      }
      end += size;
      return bytes.subarray(end - size, end);
    },
    all: (): Buffer => bytes.subarray(0, end),
  };
}
