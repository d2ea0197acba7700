import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shrink } from '../../src/store/shrink.ts';
import type { Database } from '../../src/store/sqlite.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { temporary } from './support.ts';

const ROWS = 2_000;

/** About 2 MB in rows of 1 kB. */
async function filled(): Promise<Database> {
  const database = await openDatabase(join(temporary(), 'x.db'), {
    migrations: ['CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)'],
    synchronous: 'NORMAL',
  });
  const insert = database.prepare('INSERT INTO t(b) VALUES (randomblob(1000))');
  database.transaction(() => {
    for (let row = 0; row < ROWS; row += 1) insert.run();
  });
  database.pragma('wal_checkpoint(TRUNCATE)');
  return database;
}

const size = ({ path }: Database) => statSync(path).size + statSync(`${path}-wal`).size;

test('free pages go back to the disk in steps, without a rewrite', async () => {
  const database = await filled();
  const before = size(database);
  database.exec('DELETE FROM t WHERE a < 1500');
  let steps = 0;
  await shrink(database, 0, async () => (steps += 1));
  expect(size(database)).toBeLessThan(before * 0.35);
  expect(steps).toBeGreaterThan(0);
  database.close();
});

test('half-empty pages are closed up by a rewrite', async () => {
  const database = await filled();
  const before = size(database);
  database.exec('DELETE FROM t WHERE a % 2 = 0');
  await shrink(database, 0, async () => undefined);
  expect(size(database)).toBeGreaterThan(before * 0.9);
  await shrink(database, before / 2, async () => undefined);
  expect(size(database)).toBeLessThan(before * 0.6);
  database.close();
});

test('while another connection reads, nothing waits and nothing breaks', async () => {
  const database = await filled();
  const reader = await openDatabase(database.path, { migrations: ['SELECT 1'], synchronous: 'NORMAL' });
  const rows = reader.prepare('SELECT a FROM t').iterate();
  rows.next();
  database.exec('DELETE FROM t WHERE a < 1500');
  const started = performance.now();
  await shrink(database, size(database), async () => undefined);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect([...rows]).toHaveLength(ROWS - 1);
  reader.close();
  database.close();
});
