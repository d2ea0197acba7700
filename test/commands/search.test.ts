import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { IndexReport } from '../../src/report/index-report.ts';
import type { SearchReport } from '../../src/report/search-model.ts';
import { openLayout } from '../../src/store/layout.ts';
import { listRepositories } from '../../src/store/repository.ts';
import { folderWith, freshFolder, git, rustassistant, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json } from './support.ts';

const POOL = `//! Connections that are kept for the next request.

/// Hands out a free connection, or opens one more.
pub fn acquire(pool: &Pool) -> Connection {
    pool.idle.pop().unwrap_or_else(open)
}

pub struct Pool {
    idle: Vec<Connection>,
}

#[cfg(test)]
mod tests {
    #[test]
    fn acquire_reuses_connection() {
        acquire(&Pool::with(Connection::dummy()));
    }
}
`;
const RETRY = `/// Waits longer after each failure: exponential backoff with jitter.
pub fn delay_after(attempt: u32) -> u64 {
    100 << attempt
}

pub const MAX_ATTEMPTS: u32 = 5;
`;

let home: string;
let folder: string;
beforeEach(() => {
  home = homeWith();
  folder = folderWith({
    'src/pool.rs': POOL,
    'src/retry.rs': RETRY,
    'src/lib.rs': 'mod pool;\nmod retry;\n',
  });
});

async function search(query: string, ...args: string[]): Promise<SearchReport> {
  const report = await json<SearchReport>(['search', query, ...args], { home, cwd: folder });
  expect(schemaErrors('search', report)).toEqual([]);
  return report;
}

const found = ({ results }: SearchReport): string[] =>
  results.map(({ path, startLine, name }) => `${path}:${startLine} ${name}`);

async function index(...args: string[]): Promise<IndexReport['repositories'][number] | undefined> {
  const report = await json<IndexReport>(['index', ...args], { home, cwd: folder });
  expect(schemaErrors('index', report)).toEqual([]);
  return report.repositories[0];
}

describe('finds', () => {
  test('what the words are about, also those of documentation', async () => {
    expect(found(await search('exponential backoff'))[0]).toBe('src/retry.rs:2 delay_after');
    expect(found(await search('keep connections for the next request'))[0]).toMatch(/^src\/pool\.rs:/);
  });

  test('parts of identifiers, in any grammatical form', async () => {
    expect(found(await search('delayed attempts'))).toContain('src/retry.rs:2 delay_after');
  });

  test('the definition of an identifier first, in any capitals', async () => {
    for (const query of ['MAX_ATTEMPTS', 'max_attempts', 'pool::acquire', 'acquire()'])
      expect(found(await search(query))[0]).toMatch(/MAX_ATTEMPTS|acquire$/);
  });

  test('tests after what they test, unless they are asked for', async () => {
    expect(found(await search('acquire a connection'))[0]).toBe('src/pool.rs:4 acquire');
    expect(found(await search('test that acquire reuses a connection'))[0]).toContain(
      'acquire_reuses_connection',
    );
  });

  test('its lines, with their numbers', async () => {
    const [first] = (await search('exponential backoff')).results;
    expect(first).toMatchObject({ startLine: 2, endLine: 4, stale: false, modulePath: 'retry' });
    expect(first?.matches).toEqual([
      { line: 1, text: '/// Waits longer after each failure: exponential backoff with jitter.' },
    ]);
    const [whole] = (await search('exponential backoff', '--content', '-n', '1')).results;
    expect(whole?.content).toBe(RETRY.split('\n').slice(0, 4).join('\n'));
  });
});

describe('filters', () => {
  test('kinds and globs before the best are taken', async () => {
    expect(found(await search('connection', '--kind', 'struct', '-n', '1'))).toEqual(['src/pool.rs:8 Pool']);
    expect(found(await search('connection acquire', '-g', 'src/retry.rs'))).toEqual([]);
    expect(found(await search('attempt', '-g', '!src/pool.rs'))[0]).toMatch(/^src\/retry\.rs/);
  });

  test('a part of a repository that is named is searched alone', async () => {
    const paths = (report: SearchReport): string[] => report.results.map(({ path }) => path);
    expect(paths(await search('connection attempt', '--repo', 'src/retry.rs'))).not.toContain('src/pool.rs');
    const { stdout } = await command(['search', 'attempt', '-l', '--repo', '.'], {
      home,
      cwd: join(folder, 'src'),
    });
    expect(stdout).toBe('retry.rs\n');
  });

  test('stand before the query or behind it', async () => {
    const before = await search('connection');
    const report = await json<SearchReport>(['search', '-g', '**/*.rs', '--repo', '.', 'connection'], {
      home,
      cwd: folder,
    });
    expect(report.results).toEqual(before.results);
  });

  test.each(['', '!', '[', 'a\\'])('the glob %j is a mistake', async (glob) => {
    const { status, stderr } = await command(['search', 'x', '-g', glob], { home, cwd: folder });
    expect([status, stderr]).toEqual([2, expect.stringContaining('no glob that matches anything')]);
  });

  test('with -l the limit counts files', async () => {
    const { stdout } = await command(['search', '-l', '-n', '2', 'connection attempt backoff'], {
      home,
      cwd: folder,
    });
    expect(stdout.trimEnd().split('\n').sort()).toEqual(['src/pool.rs', 'src/retry.rs']);
  });

  test('-l prints each file once', async () => {
    const { stdout } = await command(['search', '-l', 'connection'], { home, cwd: join(folder, 'src') });
    expect(stdout).toBe('pool.rs\n');
  });
});

describe('the index', () => {
  test('follows what is done to the files', async () => {
    await search('backoff');
    writeFiles(folder, { 'src/retry.rs': `// moved down\n\n${RETRY}` });
    expect(found(await search('exponential backoff'))[0]).toBe('src/retry.rs:4 delay_after');
    writeFiles(folder, { 'src/new.rs': 'pub fn quaternion_slerp() {}\n' });
    expect(found(await search('quaternion'))).toEqual(['src/new.rs:1 quaternion_slerp']);
    renameSync(join(folder, 'src/new.rs'), join(folder, 'src/turned.rs'));
    expect(found(await search('quaternion'))).toEqual(['src/turned.rs:1 quaternion_slerp']);
    rmSync(join(folder, 'src/turned.rs'));
    expect(found(await search('quaternion'))).toEqual([]);
  });

  test('reads what has changed alone', async () => {
    expect(await index()).toMatchObject({ read: 3, removed: 0, files: 3 });
    expect(await index()).toMatchObject({ read: 0, removed: 0, files: 3 });
    rmSync(join(folder, 'src/retry.rs'));
    writeFiles(folder, { 'src/pool.rs': `${POOL}\n` });
    expect(await index()).toMatchObject({ read: 1, removed: 1, files: 2 });
  });

  test('says what it leaves out', async () => {
    writeFileSync(join(folder, 'src/latin1.rs'), Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]));
    symlinkSync('pool.rs', join(folder, 'src/link.rs'));
    expect(await index()).toMatchObject({ read: 3, skipped: 2, files: 3 });
    const { stdout } = await command(['index'], { home, cwd: folder });
    expect(stdout).toMatch(/ in 3 files; 2 skipped \(rustassistant analyze tells why\)\n$/);
  });

  test('a folder without Rust is named, with the repositories below it', async () => {
    const above = freshFolder('code');
    writeFiles(above, { 'one/src/lib.rs': 'fn a() {}\n', 'notes.txt': '' });
    git(join(above, 'one'), 'init', '-q');
    for (const args of [['search', 'x'], ['index'], ['context', 'x'], ['search', '--like', 'notes.txt:1']]) {
      const { status, stderr } = await command(args, { home, cwd: above });
      expect([status, stderr]).toEqual([2, expect.stringContaining(`no Rust file in ${above} itself`)]);
      expect(stderr).toContain(`Name one of those below it: ${join(above, 'one')};`);
    }
    expect(listRepositories(openLayout(home))).toEqual([]);
  });

  test('--no-sync searches what there is, and says what is not', async () => {
    const none = await search('backoff', '--no-sync');
    expect([none.results, none.notices.map(({ code }) => code)]).toEqual([[], ['not-indexed']]);
    await index();
    writeFiles(folder, { 'src/retry.rs': `\n${RETRY}` });
    const [first] = (await search('exponential backoff', '--no-sync')).results;
    expect(first).toMatchObject({ startLine: 2, stale: true, matches: [] });
  });

  test('damaged, it is made anew', async () => {
    await index();
    const [place] = listRepositories(openLayout(home));
    writeFileSync(place?.search ?? '', 'no database at all, but long enough to be read as a header');
    const report = await search('exponential backoff');
    expect(found(report)[0]).toBe('src/retry.rs:2 delay_after');
    expect(report.notices.map(({ code }) => code)).toEqual(['database-rebuilt']);
  });

  test('generated code and what does not parse do not stand in its way', async () => {
    writeFiles(folder, {
      'src/bindings.rs': '/* automatically generated by rust-bindgen */\npub fn backoff_generated() {}\n',
      'src/broken.rs': 'fn broken( {\n\npub fn backoff_whole() {}\n',
    });
    const all = found(await search('backoff'));
    expect(all).not.toContainEqual(expect.stringContaining('backoff_generated'));
    expect(all[0]).toMatch(/^src\/(?:retry|broken)\.rs/);
  });

  test('made by two processes at once it is whole', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`src/m${n}.rs`, `pub fn number_${n}_of_many() {}\n`]),
    );
    writeFiles(folder, files);
    const env = { RUSTASSISTANT_HOME: home };
    const run = () => rustassistant(home, ['index', folder, '--json'], { env });
    for (const { status, stderr } of await Promise.all([run(), run()]))
      expect([status, stderr]).toEqual([0, '']);
    expect(await index()).toMatchObject({ read: 0, files: 303 });
    expect(found(await search('number_299_of_many', '-n', '1'))).toEqual([
      'src/m299.rs:1 number_299_of_many',
    ]);
  });
});

describe('--all', () => {
  test('ranks repositories together, and looks again where a result has changed', async () => {
    const other = folderWith({ 'src/lib.rs': '/// Backoff between two attempts.\npub fn pause() {}\n' });
    await command(['repo', 'add', folder, other], { home });
    const all = await search('backoff attempts', '--all');
    expect(new Set(all.results.map(({ root }) => root))).toEqual(new Set([folder, other]));
    writeFiles(other, { 'src/lib.rs': '\n\n/// Backoff between two attempts.\npub fn pause() {}\n' });
    const [again] = (await search('pause between', '--all', '-n', '1')).results;
    expect(again).toMatchObject({ root: other, startLine: 4, stale: false });
  });
});

describe('whatever is asked', () => {
  test.each([
    ...[
      '"',
      "'; DROP TABLE files; --",
      'a"b" OR c* NEAR(d',
      'body:backoff',
      '^backoff',
      '\\',
      '🦀 crab',
      '-x',
    ],
    ...['backoff '.repeat(2_000), '(((((', 'a AND NOT b', 'name : "x"', '\u0000', 'ünïcödé'],
  ])('%j gets an answer or one clear line', async (query) => {
    const { status, stdout, stderr } = await command(['search', '--', query], { home, cwd: folder });
    expect(status === 0 ? stderr : stdout).toBe('');
    if (status !== 0)
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^error: there is no word/)]);
  });

  test('a query without words', async () => {
    for (const query of ['', '  ', 'the of and']) {
      const { status, stderr } = await command(['search', query], { home, cwd: folder });
      expect(status).toBe(2);
      expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    }
  });

  test('names of files are data', async () => {
    const name = `src/it's "odd" $(x) [a] {b}.rs`;
    writeFiles(folder, { [name]: 'pub fn peculiar() {}\n' });
    expect(found(await search('peculiar'))).toEqual([`${name}:1 peculiar`]);
  });

  test('text shows the place, the signature and the lines', async () => {
    const { stdout } = await command(['search', 'exponential backoff', '--color', 'always'], {
      home,
      cwd: folder,
    });
    expect(stdout).toContain('\u001b[36msrc/retry.rs:2\u001b[39m');
    expect(stdout).toContain('pub fn delay_after(attempt: u32) -> u64');
    expect(stdout).toContain('\u001b[31mexponential\u001b[39m');
    expect(stdout.trimEnd()).toMatch(/\d results? by hybrid$/);
  });
});

test('cache clean and prune take the index, and the next search makes it again', async () => {
  await search('backoff');
  const stats = await json<{ bytes: { byKind: Record<string, number> } }>(['cache', 'stats'], { home });
  expect(stats.bytes.byKind['search']).toBeGreaterThan(0);
  await command(['cache', 'prune', '--to', '1B'], { home });
  const after = await json<{ bytes: { byKind: Record<string, number> } }>(['cache', 'stats'], { home });
  expect(after.bytes.byKind['search']).toBe(0);
  expect(found(await search('exponential backoff'))[0]).toBe('src/retry.rs:2 delay_after');
});

describe('--like and --batch', () => {
  const MORE = 'pub fn wait_after(attempt: u32) -> u64 {\n    250 << attempt\n}\n';

  test('finds more like an item, here and in other repositories, and not itself', async () => {
    const other = folderWith({ 'src/lib.rs': MORE });
    await command(['repo', 'add', folder, other], { home });
    const report = await json<SearchReport>(['search', '--like', 'src/retry.rs:3', '--all', '-n', '3'], {
      home,
      cwd: folder,
    });
    expect(report.results).toContainEqual(expect.objectContaining({ root: other, name: 'wait_after' }));
    expect(found(report)).not.toContain('src/retry.rs:2 delay_after');

    const there = await json<SearchReport>(['search', '--like', 'src/retry.rs:3', '--repo', other], {
      home,
      cwd: folder,
    });
    expect(new Set(there.results.map(({ root }) => root))).toEqual(new Set([other]));
  });

  test('a line a query, an answer a line, also where one cannot be asked', async () => {
    const queries = join(folder, 'queries.txt');
    writeFileSync(queries, 'exponential backoff\nthe of\nPool\n');
    const { stdout, status } = await command(['search', '--batch', queries], { home, cwd: folder });
    expect(status).toBe(0);
    const [first, second, third] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SearchReport);
    expect(schemaErrors('search', first)).toEqual([]);
    expect([first?.results[0]?.name, third?.results[0]?.name]).toEqual(['delay_after', 'Pool']);
    expect(second).toMatchObject({ query: 'the of', error: { code: 'usage' } });
  });

  test.each([
    [[], 'there is nothing to look for'],
    [['x', '--batch', '-'], 'exclude each other'],
    [['--like', 'src/retry.rs'], '--like takes no'],
    [['--like', 'src/retry.rs:999'], 'there is no item at src/retry.rs:999'],
  ])('%j is a mistake', async (args, message) => {
    const { status, stderr } = await command(['search', ...args], { home, cwd: folder });
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('--findings searches what analyses have found', async () => {
  writeFiles(folder, { 'src/state.rs': 'pub static mut COUNTER: u64 = 0;\n' });
  const report = await search('mutable static', '--findings');
  expect(report.results[0]).toMatchObject({
    path: 'src/state.rs',
    kind: 'finding',
    name: 'static-mut',
    startLine: 1,
  });
  expect((await search('zeppelin', '--findings')).results).toEqual([]);
  expect((await search('mutable static', '--findings', '-g', 'src/pool.rs')).results).toEqual([]);
});
