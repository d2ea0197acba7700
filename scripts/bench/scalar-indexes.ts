/**
 * Whether LanceDB's scalar indexes help the filters of a search: times them with and without, on a copy of a table.
 *   tsx scripts/bench/scalar-indexes.ts EMBEDDINGS_FOLDER TABLE
 */
import type { Table } from '@lancedb/lancedb';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/vector/library.ts';
import { oneOf } from '../../src/vector/predicate.ts';
import { median } from '../support/run.ts';

const ROUNDS = 15;

const [, , folder, name] = process.argv;
if (folder === undefined || name === undefined) throw new Error('which folder, which table?');
process.env['LANCEDB_LOG'] = 'error';

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await ask();
  return performance.now() - began;
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-scalar-')));
try {
  const { lance } = await connect(work);
  /** In one piece. */
  const copied = async (to: string): Promise<Table> => {
    cpSync(folder, join(work, to), { recursive: true });
    const { connection } = await connect(join(work, to));
    const table = await connection.openTable(name);
    await table.optimize();
    return table;
  };
  const bare = await copied('bare');
  const indexed = await copied('indexed');
  for (const column of ['id', 'file_path'])
    await indexed.createIndex(column, { config: lance.Index.btree() });
  await indexed.createIndex('entity_type', { config: lance.Index.bitmap() });
  const rows = (await bare.query().select(['id', 'file_path']).toArray()) as {
    id: number;
    file_path: string;
  }[];
  const files = [...new Set(rows.map(({ file_path: path }) => path))];
  const some = files.filter((_, at) => at % 15 === 0);
  const ids = rows.filter((_, at) => at % 70 === 0).map(({ id }) => id);
  const questions: readonly (readonly [string, string | undefined])[] = [
    ['all', undefined],
    ['structs', oneOf('entity_type', ['struct'])],
    ['functions', oneOf('entity_type', ['fn'])],
    ['one file', oneOf('file_path', files.slice(0, 1))],
    [`${some.length} files`, oneOf('file_path', some)],
  ];
  const vector = Float32Array.from({ length: 384 }, () => Math.random() - 0.5);

  type Ask = (table: Table) => Promise<unknown>;
  const nearest =
    (where: string | undefined): Ask =>
    (table) => {
      const query = table
        .query()
        .nearestTo(vector)
        .distanceType('dot')
        .select(['id', '_distance'])
        .limit(400);
      return (where === undefined ? query : query.where(where)).toArrow();
    };
  const asked: readonly (readonly [string, Ask])[] = [
    ...questions.map(([what, where]) => [`nearest of ${what}`, nearest(where)] as const),
    [`${ids.length} rows by id`, (table) => table.query().where(oneOf('id', ids)).select(['id']).toArrow()],
  ];
  console.log(`${rows.length} rows; ms without and with indexes, and their ratio`);
  for (const [what, ask] of asked) {
    const times = { bare: [] as number[], indexed: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      times.bare.push(await timed(() => ask(bare)));
      times.indexed.push(await timed(() => ask(indexed)));
    }
    const [a, b] = [median(times.bare), median(times.indexed)];
    console.log(
      `${what.padEnd(28)} ${a.toFixed(1).padStart(7)} ${b.toFixed(1).padStart(7)} ${(b / a).toFixed(2).padStart(6)}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
