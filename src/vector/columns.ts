import type * as Arrow from 'apache-arrow';
import type { Data, Table } from 'apache-arrow';
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
  /** The rows as a table of one batch. */
  table(arrow: typeof Arrow): Table;
}

type Value = VectorRow[keyof VectorRow];

interface Column<Of extends Value = Value> {
  add(value: Of): void;
  data(arrow: typeof Arrow): Data;
}

/** `capacity`: rows that are expected. */
export function newColumns(capacity: number): Columns {
  const columns = new Map<string, Column>();
  let length = 0;
  return {
    length: () => length,
    add(row) {
      for (const [name, value] of Object.entries(row) as [string, Value][]) {
        let column = columns.get(name);
        if (column === undefined) columns.set(name, (column = columnFor(value, capacity)));
        column.add(value);
      }
      length += 1;
    },
    table(arrow) {
      const children = [...columns.values()].map((column) => column.data(arrow));
      const fields = [...columns.keys()].map(
        (name, at) => new arrow.Field(name, (children[at] as Data).type, true),
      );
      const data = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children });
      const schema = new arrow.Schema(fields);
      return new arrow.Table(schema, [new arrow.RecordBatch(schema, data)]);
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
    data: (arrow) => {
      const data = Float64Array.from(values);
      return arrow.makeData({ type: new arrow.Float64(), length: values.length, nullCount: 0, data });
    },
  };
}

function flags(): Column<boolean> {
  const values: boolean[] = [];
  return {
    add: (value) => void values.push(value),
    data(arrow) {
      // The first value is the lowest bit.
      const data = new Uint8Array(Math.ceil(values.length / 8));
      for (const [at, value] of values.entries())
        if (value) data[at >> 3] = (data[at >> 3] as number) | (1 << (at & 7));
      return arrow.makeData({ type: new arrow.Bool(), length: values.length, nullCount: 0, data });
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
    data: (arrow) =>
      arrow.makeData({
        type: new arrow.Utf8(),
        length: offsets.length - 1,
        nullCount: 0,
        valueOffsets: Int32Array.from(offsets),
        data: bytes.all(),
      }),
  };
}

function vectors(dimensions: number, capacity: number): Column<Float32Array> {
  const bytes = growing(capacity * dimensions * Float32Array.BYTES_PER_ELEMENT);
  return {
    add: ({ buffer, byteOffset, byteLength }) =>
      void bytes.next(byteLength).set(new Uint8Array(buffer, byteOffset, byteLength)),
    data(arrow) {
      const { buffer, byteLength } = bytes.all();
      const data = new Float32Array(buffer, 0, byteLength / Float32Array.BYTES_PER_ELEMENT);
      const child = arrow.makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data });
      const type = new arrow.FixedSizeList(dimensions, new arrow.Field('item', child.type, true));
      return arrow.makeData({ type, length: data.length / dimensions, nullCount: 0, child });
    },
  };
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
