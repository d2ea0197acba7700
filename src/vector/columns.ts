import type * as Arrow from 'apache-arrow';
import type { Data, DataType, Table } from 'apache-arrow';
import type { VectorRow } from './row.ts';

/**
 * Rows (one at least, of equal vectors) as a table of Arrow, column by column: LanceDB makes the same of records, value
 * by value, and takes twice as long for it as for storing them.
 */
export function tableOf(arrow: typeof Arrow, rows: readonly VectorRow[]): Table {
  const names = Object.keys(rows[0] as VectorRow) as (keyof VectorRow)[];
  const children = names.map((name) =>
    columnOf(
      arrow,
      rows.map((row) => row[name]),
    ),
  );
  const fields = names.map((name, at) => new arrow.Field(name, (children[at] as Data).type, true));
  const schema = new arrow.Schema(fields);
  const data = arrow.makeData({
    type: new arrow.Struct(fields),
    length: rows.length,
    nullCount: 0,
    children,
  });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, data)]);
}

type Value = VectorRow[keyof VectorRow];

/** Of values that are all of the first one's type. */
function columnOf(arrow: typeof Arrow, values: readonly Value[]): Data<DataType> {
  const { length } = values;
  const [first] = values;
  if (typeof first === 'string') return textColumn(arrow, values as readonly string[]);
  if (typeof first === 'boolean')
    return arrow.makeData({ type: new arrow.Bool(), length, nullCount: 0, data: bits(values) });
  if (first instanceof Float32Array) return vectorColumn(arrow, values as readonly Float32Array[]);
  const data = Float64Array.from(values as readonly number[]);
  return arrow.makeData({ type: new arrow.Float64(), length, nullCount: 0, data });
}

function vectorColumn(arrow: typeof Arrow, vectors: readonly Float32Array[]): Data<DataType> {
  const { length } = vectors;
  const dimensions = (vectors[0] as Float32Array).length;
  const data = new Float32Array(length * dimensions);
  for (const [at, vector] of vectors.entries()) data.set(vector, at * dimensions);
  const child = arrow.makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data });
  const type = new arrow.FixedSizeList(dimensions, new arrow.Field('item', child.type, true));
  return arrow.makeData({ type, length, nullCount: 0, child });
}

/** All texts as one, and where each begins. */
function textColumn(arrow: typeof Arrow, texts: readonly string[]): Data<DataType> {
  const encoded = texts.map((text) => Buffer.from(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  for (const [at, { length }] of encoded.entries())
    valueOffsets[at + 1] = (valueOffsets[at] as number) + length;
  const data = Buffer.concat(encoded);
  return arrow.makeData({ type: new arrow.Utf8(), length: texts.length, nullCount: 0, valueOffsets, data });
}

/** The first value is the lowest bit. */
function bits(values: readonly unknown[]): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries())
    if (value === true) packed[at >> 3] = (packed[at >> 3] as number) | (1 << (at & 7));
  return packed;
}
