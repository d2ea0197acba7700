import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExternalError, UserError } from '../../src/errors.ts';
import { driverFor, loadDriver } from '../../src/store/driver.ts';
import { isInUse } from '../../src/store/in-use.ts';
import type { Database, OpenOptions } from '../../src/store/sqlite.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { child, ended, temporary } from './support.ts';

const T = ['create table t(a integer, b text, c blob)'];

function open(path: string, options: Partial<OpenOptions> = {}): Promise<Database> {
  return openDatabase(path, { migrations: T, synchronous: 'NORMAL', ...options });
}

const fresh = () => join(temporary(), 'x.db');

/** Runs over the binding of the Node at hand; the other one's turn comes when the suite runs on that Node. */
describe(`contract of ${driverFor(process.versions.node)}`, () => {
  test('values come back as they went in', async () => {
    const database = await open(fresh());
    const blob = new Uint8Array([0, 1, 255]);
    expect(database.prepare('insert into t values (?, ?, ?)').run(2 ** 50, 'ä\n"\'', blob).changes).toBe(1);
    database.prepare('insert into t values (@a, @b, @c)').run({ a: -1, b: null, c: Buffer.alloc(0) });
    const rows = database.prepare<{ a: number; b: string | null; c: Uint8Array }>('select * from t').all();
    expect(rows.map(({ a, b }) => [a, b])).toEqual([
      [2 ** 50, 'ä\n"\''],
      [-1, null],
    ]);
    expect(rows.map(({ c }) => [...c])).toEqual([[0, 1, 255], []]);
    expect(rows[0]?.c).toBeInstanceOf(Uint8Array);
    expect(database.prepare('select typeof(a) as type from t').get()).toMatchObject({ type: 'integer' });
    database.close();
  });

  test('get without a row is undefined, all is empty, iterate can be left early', async () => {
    const database = await open(fresh());
    const select = database.prepare<{ a: number }>('select a from t order by a');
    expect(select.get()).toBeUndefined();
    expect(select.all()).toEqual([]);
    for (const n of [1, 2, 3]) database.prepare('insert into t(a) values (?)').run(n);
    for (const { a } of select.iterate()) if (a === 2) break;
    expect([...select.iterate()].map(({ a }) => a)).toEqual([1, 2, 3]);
    expect(database.prepare('delete from t where a > ?').run(1).changes).toBe(2);
    const returning = database.prepare<{ a: number }>('update t set a = 9 returning a');
    expect(returning.all().map(({ a }) => a)).toEqual([9]);
    const list = database.prepare<{ value: string }>('select value from json_each(?)');
    expect(list.all('["x","y"]').map(({ value }) => value)).toEqual(['x', 'y']);
    database.close();
  });

  test('a transaction returns its result, a throw rolls back, a savepoint rolls back alone', async () => {
    const database = await open(fresh());
    const insert = database.prepare('insert into t(a) values (?)');
    expect(database.transaction(() => insert.run(1).changes)).toBe(1);
    expect(() =>
      database.transaction(() => {
        insert.run(2);
        throw new Error('no');
      }),
    ).toThrow('no');
    database.transaction(() => {
      insert.run(3);
      const inner = () =>
        database.transaction(() => {
          insert.run(4);
          throw new Error('inner');
        });
      expect(inner).toThrow('inner');
    });
    expect(() => database.transaction(() => Promise.resolve(insert.run(5)))).toThrow('must not await');
    const rows = database.prepare<{ a: number }>('select a from t').all();
    expect(rows.map(({ a }) => a)).toEqual([1, 3]);
    database.close();
  });

  test('pragmas stand as ordered', async () => {
    const path = fresh();
    const full = await open(path, { synchronous: 'FULL' });
    expect(full.pragma('journal_mode')).toBe('wal');
    expect(full.pragma('synchronous')).toBe(2);
    expect(full.pragma('foreign_keys')).toBe(1);
    expect(full.pragma('auto_vacuum')).toBe(2);
    expect(full.pragma('busy_timeout')).toBe(10_000);
    full.close();
    const normal = await open(path, { rollbackJournal: true });
    expect(normal.pragma('synchronous')).toBe(1);
    expect(normal.pragma('journal_mode')).toBe('delete');
    normal.close();
  });

  test('a broken rule of the tables is said as it is, and a sound file serves on', async () => {
    const path = fresh();
    const options = { migrations: ['create table t(a unique)'], onCorrupt: 'rebuild' } as const;
    const database = await open(path, options);
    database.exec('insert into t values (1)');
    expect(() => database.exec('insert into t values (1)')).toThrow(/UNIQUE constraint failed/);
    expect(() => database.prepare('select missing from t')).toThrow(/no such column/);
    database.close();
    const again = await open(path, options);
    expect(again.notices).toEqual([]);
    expect(again.prepare('select a from t').all()).toHaveLength(1);
    again.close();
  });

  test('read-only reads, refuses to write and makes no file', async () => {
    const path = fresh();
    await expect(open(path, { readonly: true })).rejects.toMatchObject({ code: 'database-unwritable' });
    expect(existsSync(path)).toBe(false);
    (await open(path)).close();
    const database = await open(path, { readonly: true });
    expect(() => database.exec('insert into t(a) values (1)')).toThrow(ExternalError);
    database.close();
  });
});

test('database, log and shared memory are the user’s alone', async () => {
  const path = fresh();
  const database = await open(path);
  database.exec('insert into t(a) values (1)');
  for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  database.close();
});

test('migrations are applied once, in order, whole or not at all', async () => {
  const path = fresh();
  (await open(path)).close();
  const second = [...T, 'alter table t add column d; insert into t(a) values (7)'];
  (await open(path, { migrations: second })).close();
  const database = await open(path, { migrations: second });
  expect(database.prepare('select a, d from t').all()).toHaveLength(1);
  expect(database.pragma('user_version')).toBe(2);
  database.close();
  await expect(open(path, { migrations: [...second, 'create table u(a); nonsense'] })).rejects.toThrow();
  const after = await open(path, { migrations: second });
  expect(after.prepare("select * from sqlite_master where name = 'u'").all()).toEqual([]);
  after.close();
});

test('a database of a newer program is refused and left alone', async () => {
  const path = fresh();
  (await open(path, { migrations: [...T, 'select 1'] })).close();
  const before = readFileSync(path);
  for (const readonly of [false, true]) {
    const refused = open(path, { onCorrupt: 'rebuild', readonly });
    await expect(refused).rejects.toMatchObject({ code: 'newer-database' });
  }
  expect(readFileSync(path).equals(before)).toBe(true);
});

describe('a damaged file', () => {
  const asides = (path: string) =>
    readdirSync(join(path, '..'))
      .filter((name) => name.includes('.corrupt-'))
      .sort();
  const now = () => Date.UTC(2026, 0, 31, 23, 59, 59);

  test.each([
    [
      'text',
      (path: string) => writeFileSync(path, 'no database at all, but long enough to be read as a header'),
    ],
    ['cut', (path: string) => truncateSync(path, 4096)],
    ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(8192, 7), { flag: 'r+' })],
  ])('%s: set aside with its companions and made anew', async (_, harm) => {
    const path = fresh();
    const first = await open(path);
    first.exec('insert into t(b) values (hex(zeroblob(9000)))');
    first.close();
    harm(path);
    writeFileSync(`${path}-wal`, 'rubbish');
    const damaged = readFileSync(path);
    await expect(open(path)).rejects.toMatchObject({ code: 'database-corrupt' });
    await expect(open(path, { onCorrupt: 'refuse' })).rejects.toBeInstanceOf(UserError);
    const database = await open(path, { onCorrupt: 'rebuild', now });
    expect(database.prepare('select * from t').all()).toEqual([]);
    expect(database.notices.map(({ code }) => code)).toEqual(['database-rebuilt']);
    database.close();
    expect(asides(path)[0]).toBe('x.db.corrupt-20260131T235959');
    expect(readFileSync(`${path}.corrupt-20260131T235959`).equals(damaged)).toBe(true);
    expect((await open(path, { onCorrupt: 'rebuild' })).notices).toEqual([]);
  });

  test('damage met in the middle of a run is looked for at the next open', async () => {
    const path = fresh();
    const first = await open(path);
    first.transaction(() => {
      const insert = first.prepare('insert into t(a, b) values (?, hex(randomblob(500)))');
      for (let n = 0; n < 200; n += 1) insert.run(n);
    });
    first.close();
    const bytes = readFileSync(path);
    bytes.fill(0xee, 20 * 4096, 21 * 4096);
    writeFileSync(path, bytes);
    const hurt = await open(path, { onCorrupt: 'rebuild' });
    expect(() => hurt.prepare('select sum(length(b)) from t').get()).toThrow(
      expect.objectContaining({ code: 'database-corrupt' }),
    );
    hurt.close();
    const healed = await open(path, { onCorrupt: 'rebuild', now });
    expect(healed.notices).toHaveLength(1);
    expect(healed.prepare('select * from t').all()).toEqual([]);
    healed.close();
    expect(asides(path)).toEqual(['x.db.corrupt-20260131T235959']);
  });
});

describe('damage that SQLite does not see', () => {
  const options = {
    migrations: ['create table t(a, b); create unique index t_a on t(a)'],
    onCorrupt: 'rebuild',
  } as const;

  async function harmed(before: string, after: string) {
    const path = fresh();
    const first = await open(path, options);
    first.exec("insert into t values (1, 'x'), (2, 'y')");
    first.close();
    writeFileSync(path, readFileSync(path, 'latin1').replace(before, after), 'latin1');
    return path;
  }

  test.each([
    ['an index over another column', 't_a on t(a)', 't_a on t(b)'],
    ['a renamed column', 't(a, b)', 't(a, z)'],
  ])('%s: the statement that meets it fails, the next open makes the file anew', async (_, before, after) => {
    const path = await harmed(before, after);
    const hurt = await open(path, options);
    const use = () => {
      hurt.prepare('select b from t').all();
      hurt.exec("insert into t values (3, 'x'), (4, 'x')");
    };
    expect(use).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^database-(doubtful|corrupt)$/) as string }),
    );
    hurt.close();
    const healed = await open(path, options);
    expect(healed.notices.map(({ code }) => code)).toEqual(['database-rebuilt']);
    healed.exec("insert into t values (1, 'x'), (2, 'x')");
    healed.close();
  });

  test('tables that are there already under another number', async () => {
    const path = fresh();
    const first = await open(path, options);
    first.exec('PRAGMA user_version = 0');
    first.close();
    const healed = await open(path, options);
    expect(healed.notices.map(({ code }) => code)).toEqual(['database-rebuilt']);
    healed.close();
  });
});

test('a folder that was taken away is made again', async () => {
  const path = join(temporary(), 'gone', 'x.db');
  (await open(path)).close();
  expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
});

test('a database is in use while any connection has it open', async () => {
  const path = fresh();
  expect(await isInUse(path)).toBe(false);
  const first = await open(path);
  const second = await open(path);
  expect(await isInUse(path)).toBe(true);
  first.close();
  expect(await isInUse(path)).toBe(true);
  second.close();
  expect(await isInUse(path)).toBe(false);
  writeFileSync(path, 'no database at all, but long enough to be read as a header');
  expect(await isInUse(path)).toBe(false);
});

describe('several processes', () => {
  async function together(path: string, count: number) {
    const children = Array.from({ length: count }, () => child('open', path, JSON.stringify(T2)));
    let ready = 0;
    const onLine = (line: string) => {
      if (line === 'ready' && ++ready === count) for (const { stdin } of children) stdin.write('go\n');
    };
    return Promise.all(children.map((one) => ended(one, onLine)));
  }
  const T2 = [
    'create table t(a)',
    'create table u(a)',
    'alter table t add column b',
    'alter table t drop column b',
  ];

  test('opening one new file together all find it ready', async () => {
    const path = fresh();
    const runs = await together(path, 3);
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
    const database = await open(path, { migrations: T2 });
    expect(database.prepare('select * from t').all()).toHaveLength(3);
    database.close();
  });

  test('meeting one damaged file together, one sets it aside and no new row is lost', async () => {
    const path = fresh();
    writeFileSync(path, Buffer.alloc(8192, 7));
    const runs = await together(path, 3);
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
    const told = runs.filter(({ lines }) => lines.some((line) => line.includes('database-rebuilt')));
    expect(told).toHaveLength(1);
    const database = await open(path, { migrations: T2 });
    expect(database.prepare('select * from t').all()).toHaveLength(3);
    database.close();
  });

  test('killed in the middle of writing, what was committed stands and nothing half', async () => {
    const path = fresh();
    const writer = child('writer', path);
    const { lines, signal } = await ended(writer, (line) => {
      if (line === '40') writer.kill('SIGKILL');
    });
    expect(signal).toBe('SIGKILL');
    const database = await open(path, { migrations: ['create table t(a integer)'] });
    expect(database.notices).toEqual([]);
    const rows = database.prepare<{ n: number }>('select count(*) as n from t group by a').all();
    expect(rows.every(({ n }) => n === 2)).toBe(true);
    expect(rows.length).toBeGreaterThanOrEqual(lines.length);
    expect(database.pragma('quick_check')).toBe('ok');
    database.close();
  });
});

test('each Node has its binding', () => {
  const bindings = ['20.19.0', '22.22.3', '24.0.0', '26.1.0'].map(driverFor);
  expect(bindings).toEqual(['better-sqlite3', 'better-sqlite3', 'node:sqlite', 'node:sqlite']);
});

test('a binding that cannot be loaded is the user’s to mend, and says how', async () => {
  const native = join(temporary(), 'better_sqlite3.node');
  writeFileSync(native, 'built for another machine');
  const load = () => process.dlopen({ exports: {} }, native) as never;
  const refused = loadDriver('better-sqlite3', load);
  await expect(refused).rejects.toBeInstanceOf(UserError);
  await expect(refused).rejects.toMatchObject({
    code: 'sqlite-unavailable',
    hint: expect.stringMatching(/Reinstall.*Node 24/),
  });
});
