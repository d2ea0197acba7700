import Ajv from 'ajv/dist/2020.js';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ANALYSIS_MIGRATIONS } from '../../src/store/analysis-tables.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { describe, expect, test } from 'vitest';
import {
  analyzed,
  filesBelow,
  folderWith,
  freshFolder,
  git,
  rustassistant,
  writeFiles,
} from '../support/cli.ts';

const schema = (name: string): object =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '..', '..', 'schemas', `${name}.schema.json`), 'utf8'),
  ) as object;
const valid = new Ajv({ allowUnionTypes: true }).compile(schema('analyze'));

const LIBRARY = `/// Doubles.
pub fn double(text: &str) -> u64 {
    let value: u64 = text.parse().unwrap();
    value * 2
}

static mut COUNT: u64 = 0;
`;

describe('a run without a key', () => {
  test('finds, stores, and the next one reads nothing and writes nothing', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/other.rs': 'pub struct S;\n' });
    const first = await analyzed(home, [folder]);
    // Nor do the engine's own warnings stand there.
    expect(first.ran).toMatchObject({ status: 0, stderr: '' });
    expect(valid(first.report), JSON.stringify(valid.errors)).toBe(true);
    expect(first.repository.summary.files).toEqual({
      ...{ found: 2, analyzed: 2, cached: 0, reused: 0, skipped: 0, failed: 0 },
    });
    const rules = first.repository.files.flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules).toContain('static-mut');
    expect(rules).toContain('unwrap-on-input');

    // Once more, since what was written within a clock tick of the first run is hashed again.
    await analyzed(home, [folder]);
    const stamps = () => filesBelow(home).map((path) => [path, statSync(join(home, path)).mtimeMs]);
    const before = stamps();
    const second = await analyzed(home, [folder]);
    expect(second.repository.summary.files).toMatchObject({ analyzed: 0, cached: 2 });
    expect(second.repository.files.map(({ findings }) => findings)).toEqual(
      first.repository.files.map(({ findings }) => findings),
    );
    expect(stamps()).toEqual(before);
  });

  test('parses what changed alone; a touched file is not changed', async () => {
    const home = freshFolder('home');
    const folder = folderWith({
      'src/lib.rs': LIBRARY,
      'src/a.rs': 'fn a() {}\n',
      'src/b.rs': 'fn b() {}\n',
    });
    await analyzed(home, [folder]);
    utimesSync(join(folder, 'src/a.rs'), new Date(), new Date(Date.now() + 5000));
    writeFileSync(join(folder, 'src/b.rs'), 'fn b() { loop {} }\n');
    const { repository } = await analyzed(home, [folder]);
    expect(repository.files.map(({ path, status }) => [path, status])).toEqual([
      ['src/a.rs', 'cached'],
      ['src/b.rs', 'analyzed'],
      ['src/lib.rs', 'cached'],
    ]);
  });

  test('forgets files that are gone and finds them where they went', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/a.rs': 'fn a() {}\n' });
    await analyzed(home, [folder]);
    renameSync(join(folder, 'src/lib.rs'), join(folder, 'src/moved.rs'));
    rmSync(join(folder, 'src/a.rs'));
    const { repository } = await analyzed(home, [folder]);
    expect(repository.files.map(({ path }) => path)).toEqual(['src/moved.rs']);
  });

  test('says unknown where code does not parse, and keeps what can be read', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': 'static mut X: u8 = 0;\nfn broken( { \n\nfn whole() {}\n' });
    const { report, repository } = await analyzed(home, [folder]);
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    expect(repository.summary).toMatchObject({ scores: null, broken: 1 });
    const [file] = repository.files;
    expect(file?.metrics).toBeNull();
    expect(file?.scores).toBeNull();
    expect(file?.findings.map(({ rule }) => rule)).toContain('syntax-error');
  });

  test('accounts for every file, whatever it is', async () => {
    const home = freshFolder('home');
    const folder = folderWith({
      'src/lib.rs': LIBRARY,
      'src/empty.rs': '',
      'src/with space and "quotes".rs': 'fn s() {}\n',
      'src/line\nbreak.rs': 'fn n() {}\n',
      'src/crlf.rs': 'fn c() {\r\n}\r\n',
      'src/bom.rs': '\uFEFFfn b() {}\n',
      'target/debug/build.rs': 'fn t() {}\n',
      'nested/.git/HEAD': 'ref: refs/heads/main\n',
      'nested/src/lib.rs': 'fn other() {}\n',
    });
    writeFileSync(join(folder, 'src/binary.rs'), Buffer.from([0, 1, 2]));
    writeFileSync(join(folder, 'src/latin1.rs'), Buffer.from('fn \xe9() {}\n', 'latin1'));
    writeFileSync(join(folder, 'src/huge.rs'), '');
    truncateSync(join(folder, 'src/huge.rs'), 100 * 2 ** 20);
    symlinkSync(join(folder, 'src/lib.rs'), join(folder, 'src/link.rs'));
    const { report, repository } = await analyzed(home, [folder]);
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    const { files, skipped } = repository.summary;
    expect(files.found).toBe(files.analyzed + files.cached + files.reused + files.skipped + files.failed);
    expect(files).toMatchObject({ analyzed: 6, failed: 0 });
    expect(skipped).toEqual({ binary: 1, 'not-utf8': 1, 'too-large': 1, symlink: 1 });
    expect(repository.files.some(({ path }) => path.startsWith('nested/'))).toBe(false);
  });

  test('narrows to what is named, without another root', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/deep/a.rs': 'fn a() {}\n' });
    const { repository } = await analyzed(home, [join(folder, 'src/deep')]);
    expect(repository.path).toBe(folder);
    expect(repository.files.map(({ path }) => path)).toEqual(['src/deep/a.rs']);
    const one = await analyzed(home, [join(folder, 'src/lib.rs')]);
    expect(one.repository.files.map(({ path }) => path)).toEqual(['src/lib.rs']);
    // What lies outside of the argument is neither looked at nor forgotten.
    const all = await analyzed(home, [folder]);
    expect(all.repository.summary.files).toMatchObject({ found: 2, cached: 2 });
  });

  test('looks at what changed since a commit, and says where there is none', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/a.rs': 'fn a() {}\n' });
    git(folder, 'init', '-q');
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', 'first');
    writeFiles(folder, { 'src/new.rs': 'fn n() {}\n' });
    const { repository } = await analyzed(home, [folder, '--since', 'HEAD']);
    expect(repository.files.map(({ path }) => path)).toEqual(['src/new.rs']);
    expect(repository.commit).toBe(git(folder, 'rev-parse', 'HEAD').trim());
    const missing = await rustassistant(home, ['analyze', folder, '--since', 'nowhere', '--json']);
    expect(missing.status).toBe(2);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'missing-history' } });
  });

  test.each(['analysis_json', 'worst'])(
    'a result that is damaged (%s) is said, and made again',
    async (column) => {
      const home = freshFolder('home');
      const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/other.rs': LIBRARY });
      const { repository: good } = await analyzed(home, [folder]);
      const path = filesBelow(home).find((one) => one.endsWith('analysis.db')) as string;
      const database = await openDatabase(join(home, path), {
        migrations: ANALYSIS_MIGRATIONS,
        synchronous: 'NORMAL',
      });
      database.exec(`UPDATE file_analysis SET ${column} = x'09' WHERE file_path = 'src/other.rs'`);
      database.close();
      const format = column === 'worst' ? 'text' : 'json';
      const damaged = await rustassistant(home, ['analyze', folder, '--format', format]);
      expect(damaged.status).toBe(3);
      expect(damaged.stdout).toContain('its result is damaged');
      const { repository: healed } = await analyzed(home, [folder]);
      expect(healed.summary.findings).toEqual(good.summary.findings);
      expect(healed.files.map(({ findings }) => findings)).toEqual(
        good.files.map(({ findings }) => findings),
      );
    },
  );

  test('two at once leave one sound store', async () => {
    const home = freshFolder('home');
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`src/f${at}.rs`, LIBRARY]));
    const folder = folderWith(files);
    const both = await Promise.all([analyzed(home, [folder]), analyzed(home, [folder])]);
    expect(both.map(({ ran }) => ran.status)).toEqual([0, 0]);
    const after = await analyzed(home, [folder]);
    expect(after.repository.summary.files).toMatchObject({ found: 30, cached: 30 });
  });
});

describe('whatever is done to the files, the report is that of a new home', () => {
  /** All that does not depend on what was done before: findings, scores, metrics, counts. */
  async function standing(home: string, args: readonly string[]): Promise<object> {
    const { ran, repository } = await analyzed(home, args);
    const { summary, files } = repository;
    const { cost: _cost, elapsedMs: _elapsed, news: _news, files: counts, items, ...sums } = summary;
    const { found, skipped, failed } = counts;
    const shown = files.map(({ status, ...file }) => ({
      ...file,
      done: status === 'cached' ? 'analyzed' : status,
    }));
    return { status: ran.status, sums, found, skipped, failed, items: items.found, files: shown };
  }

  const big = `${LIBRARY}// ${'padding '.repeat(10)}\n`.repeat(120);
  const steps: readonly (readonly [string, (folder: string) => void])[] = [
    ['an edit', (folder) => appendFileSync(join(folder, 'src/lib.rs'), 'static mut MORE: u8 = 0;\n')],
    ['a touch', (folder) => utimesSync(join(folder, 'src/lib.rs'), 1, 1)],
    ['an edit undone', (folder) => writeFileSync(join(folder, 'src/lib.rs'), LIBRARY)],
    ['a new file', (folder) => writeFileSync(join(folder, 'src/new.rs'), LIBRARY)],
    ['a move', (folder) => renameSync(join(folder, 'src/new.rs'), join(folder, 'src/moved.rs'))],
    ['code that does not parse', (folder) => writeFileSync(join(folder, 'src/moved.rs'), 'fn f( {')],
    [
      'bytes that are no text',
      (folder) => writeFileSync(join(folder, 'src/moved.rs'), Buffer.of(0xff, 0xfe, 0x80)),
    ],
    [
      'a link in its place',
      (folder) => (rmSync(join(folder, 'src/moved.rs')), symlinkSync('lib.rs', join(folder, 'src/moved.rs'))),
    ],
    [
      'a directory in its place',
      (folder) => (
        rmSync(join(folder, 'src/moved.rs')),
        writeFiles(folder, { 'src/moved.rs/in.rs': LIBRARY })
      ),
    ],
    [
      'another role',
      (folder) =>
        writeFiles(folder, {
          'Cargo.toml': '[package]\nname = "s"\n[[bin]]\nname = "b"\npath = "src/lib.rs"\n',
        }),
    ],
    [
      'files for threads',
      (folder) => writeFiles(folder, Object.fromEntries([0, 1, 2, 3].map((at) => [`src/big${at}.rs`, big]))),
    ],
    ['an edit of one of them', (folder) => appendFileSync(join(folder, 'src/big2.rs'), '// more\n')],
    [
      'another rule set',
      (folder) => writeFiles(folder, { '.rustassistant.toml': '[rules]\nstatic-mut = "critical"\n' }),
    ],
    ['files ignored', (folder) => writeFiles(folder, { '.rustassistantignore': 'big*.rs\n' })],
    [
      'all gone but one',
      (folder) => (
        rmSync(join(folder, 'src'), { recursive: true }),
        writeFiles(folder, { 'src/one.rs': LIBRARY })
      ),
    ],
  ];

  test('step by step, the whole and a part of it', async () => {
    const folder = folderWith({ 'src/lib.rs': LIBRARY, 'src/deep/other.rs': LIBRARY });
    const home = freshFolder('home');
    await standing(home, [folder]);
    for (const [name, step] of steps) {
      step(folder);
      const used = await standing(home, [folder]);
      expect(used, name).toEqual(await standing(freshFolder('home'), [folder]));
      const part = [join(folder, 'src')];
      expect(await standing(home, part), `${name}, a part`).toEqual(
        await standing(freshFolder('home'), part),
      );
    }
  }, 120_000);
});

describe('exit statuses and errors', () => {
  test('an empty path is a mistake, and so is a file in a folder’s place', async () => {
    const home = freshFolder('home');
    const empty = await rustassistant(home, ['analyze', '']);
    expect(empty).toMatchObject({ status: 2, stderr: expect.stringContaining('a path is empty') as string });
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    mkdirSync(join(home, 'ra', 'cache'), { recursive: true });
    writeFileSync(join(home, 'ra', 'cache', 'repos'), '');
    const odd = await rustassistant(home, ['analyze', folder]);
    expect(odd.status).toBe(2);
    expect(odd.stderr).not.toContain('defect');
  });

  test('--require-complete is not met where nobody was asked', async () => {
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    expect((await rustassistant(freshFolder('home'), ['analyze', folder, '--require-complete'])).status).toBe(
      3,
    );
  });

  test('a finding at or above --fail-on', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    expect((await rustassistant(home, ['analyze', folder, '--fail-on', 'high'])).status).toBe(1);
    expect((await rustassistant(home, ['analyze', folder, '--fail-on', 'critical'])).status).toBe(0);
  });

  test('mistakes are two lines on stderr, JSON on stdout', async () => {
    const home = freshFolder('home');
    const wrong = await rustassistant(home, ['analyze', '/nowhere/at/all']);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr.trimEnd().split('\n')).toHaveLength(2);
    const json = await rustassistant(home, ['analyze', '/nowhere/at/all', '--format', 'json']);
    expect(json.status).toBe(2);
    const error = JSON.parse(json.stdout) as object;
    expect(new Ajv().compile(schema('error'))(error)).toBe(true);
    for (const args of [
      ['analyze', '--no-such-flag'],
      ['anlyze'],
      ['analyze', '--format', 'yaml'],
      ['analyze', '--budget', 'much'],
      ['explain', 'nope'],
    ]) {
      expect((await rustassistant(home, args)).status).toBe(2);
    }
  });

  test('what is told to be typed next names what was asked for', async () => {
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    const { stdout } = await rustassistant(freshFolder('home'), ['analyze', folder, `${folder}/src`]);
    expect(stdout).toContain(`rustassistant analyze ${folder} ${folder}/src --dry-run`);
  });

  test('works without HOME, without TERM, into a folder that does not exist yet', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    mkdirSync(join(home, 'x'));
    const env = { HOME: undefined, TERM: undefined, RUSTASSISTANT_HOME: join(home, 'x', 'y', 'z') };
    const ran = await rustassistant(home, ['analyze', folder], { env });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('static-mut');
    expect(ran.stdout).not.toContain('\u001b[');
  });

  test('-o writes the report to a file and nothing to stdout', async () => {
    const home = freshFolder('home');
    const folder = folderWith({ 'src/lib.rs': LIBRARY });
    const ran = await rustassistant(home, ['analyze', folder, '--json', '-o', 'report.json']);
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    expect(valid(JSON.parse(readFileSync(join(home, 'report.json'), 'utf8')))).toBe(true);
  });
});

describe('outline', () => {
  test('of modules in modules, thousands deep', async () => {
    const deep = Array.from({ length: 2_500 }, (_, at) => `mod m${at} {`).join('') + '}'.repeat(2_500);
    const file = join(folderWith({ 'src/lib.rs': deep }), 'src/lib.rs');
    const text = await rustassistant(freshFolder('home'), ['outline', file]);
    expect([text.status, text.stdout.trim().split('\n').length]).toEqual([0, 2_501]);
    expect((await rustassistant(freshFolder('home'), ['outline', file, '--json'])).status).toBe(0);
  });

  test('keeps equal paths of two repositories apart', async () => {
    const home = freshFolder('home');
    const one = folderWith({ 'src/lib.rs': LIBRARY });
    const two = folderWith({ 'src/lib.rs': 'mod other { fn inner() {} }\n' });
    const { stdout } = await rustassistant(home, ['outline', one, two]);
    expect(stdout).toBe(`${one}/src/lib.rs
  2-5         pub fn double(text: &str) -> u64
  7-7         static mut COUNT: u64 = 0

${two}/src/lib.rs
  1-1         mod other
  1-1           fn inner()
`);
    const json = JSON.parse((await rustassistant(home, ['outline', one, two, '--json'])).stdout) as {
      readonly files: readonly { readonly root: string }[];
    };
    const fits = new Ajv({ allowUnionTypes: true }).compile(schema('outline'));
    expect(fits(json), JSON.stringify(fits.errors)).toBe(true);
    expect(json.files.map(({ root }) => root)).toEqual([one, two]);
  });

  test('says why a file named shows nothing', async () => {
    const folder = folderWith({ 'README.md': '# text\n' });
    const ran = await rustassistant(freshFolder('home'), ['outline', join(folder, 'README.md')]);
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    expect(ran.stderr).toBe('note: README.md is left out: it is no Rust source file\n');
  });
});
