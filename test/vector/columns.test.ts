import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { newColumns } from '../../src/vector/columns.ts';
import { connect } from '../../src/vector/library.ts';
import type { VectorRow } from '../../src/vector/row.ts';

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-columns-')));
afterAll(() => rmSync(directory, { recursive: true }));

function row(id: number): VectorRow {
  return {
    id,
    vector: Float32Array.of(id, -0.5, 1 / 3),
    text: `${'größe 🦀 '.repeat(id * 7)}\n`,
    file_path: `src/ü${id}.rs`,
    content_hash: 'c'.repeat(64),
    chunk_hash: String(id).repeat(64),
    model_id: 'toy',
    entity_type: 'fn',
    entity_name: id % 2 === 0 ? '' : `f${id}`,
    language: 'rust',
    start_line: id * 1000,
    end_line: 2 ** 40 + id,
    module_path: '',
    signature: 'fn f()',
    visibility: 'pub',
    test: id % 3 === 0,
    words: 'f',
  };
}

type Open = Awaited<ReturnType<typeof connect>>;

async function stored({ connection }: Open, name: string) {
  const table = await connection.openTable(name);
  const rows = await table.query().toArray();
  const schema = (await table.schema()).fields.map(({ name: field, type }) => `${field} ${String(type)}`);
  const plain = rows.map((one: { toJSON(): VectorRow }) => {
    const { vector, ...rest } = one.toJSON();
    return { ...rest, vector: [...vector] };
  });
  return { schema, rows: plain };
}

test.each([[0], [20], [100]])(
  'rows come back as LanceDB makes them of records; %i expected',
  async (capacity) => {
    const library = await connect(join(directory, String(capacity)));
    const rows = Array.from({ length: 20 }, (_, at) => row(at));
    const columns = newColumns(capacity);
    for (const one of rows) columns.add(one);
    expect(columns.length()).toBe(20);
    const table = await library.connection.createTable('columns', columns.table(library.lance));
    await table.add(columns.table(library.lance));
    const records = [...rows, ...rows].map((one) => ({ ...one }));
    await library.connection.createTable('records', records);
    expect(await stored(library, 'columns')).toEqual(await stored(library, 'records'));
    library.connection.close();
  },
);
