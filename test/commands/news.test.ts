import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { News, Report, RepositoryReport } from '../../src/report/model.ts';
import { filesBelow, folderWith, freshFolder, git } from '../support/cli.ts';
import { sarifErrors } from '../support/formats.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { schemaErrors } from '../support/schema.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

const A = 'static mut A: u64 = 0;\n';
const B = 'static mut B: u64 = 0;\n';

function repository(files: Readonly<Record<string, string>>) {
  const cwd = folderWith(files);
  git(cwd, 'init', '-q');
  const home = homeWith();
  return { cwd, home, write: (path: string, text: string) => writeFileSync(join(cwd, path), text) };
}

async function run(at: CommandOptions, ...words: string[]): Promise<RepositoryReport> {
  const report = await json<Report>(['analyze', ...(words.length === 0 ? ['.'] : words)], at);
  expect(schemaErrors('analyze', report)).toEqual([]);
  const [repo] = report.repositories;
  if (repo === undefined) throw new Error('no repository');
  return repo;
}

/** New, kept and fixed ones of severity high. */
const high = (news: News | null | undefined) =>
  news === null || news === undefined ? news : [news.new.high, news.kept.high, news.fixed.high];
/** The items whose findings of that rule are new. */
const fresh = ({ files, summary }: RepositoryReport) =>
  files.flatMap(({ findings }) =>
    findings
      .filter(({ rule, id }) => rule === 'static-mut' && summary.news?.newIds.includes(id) === true)
      .map(({ item }) => item),
  );

describe('since the last run', () => {
  test('the first run knows nothing of an earlier one; then new, kept and fixed are told', async () => {
    const at = repository({ 'src/lib.rs': A });
    const first = await run(at);
    expect(first.summary.news).toBeNull();
    at.write('src/lib.rs', `// moved\n${A}${B}`);
    const second = await run(at);
    expect(high(second.summary.news)).toEqual([1, 1, 0]);
    expect(fresh(second)).toEqual(['B']);
    at.write('src/lib.rs', B);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 1]);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
  });

  test('is said on the screen, the worst ones marked', async () => {
    const at = repository({ 'src/lib.rs': A });
    const text = async () => (await command(['analyze', '.'], at)).stdout;
    expect(await text()).not.toMatch(/since the last run|\(new\)/);
    at.write('src/lib.rs', A + B);
    const second = await text();
    expect(second).toContain('\n1 new, 0 fixed since the last run\n');
    expect(second.match(/: mutable static \(new\)\n/g)).toHaveLength(1);
    expect(await text()).not.toMatch(/since the last run|\(new\)/);
  });

  test('a renamed file, and an item in another file, bring nothing new', async () => {
    const at = repository({ 'src/lib.rs': A + B });
    await run(at);
    mkdirSync(join(at.cwd, 'src/deep'));
    renameSync(join(at.cwd, 'src/lib.rs'), join(at.cwd, 'src/deep/ring.rs'));
    expect(high((await run(at)).summary.news)).toEqual([0, 2, 0]);
    at.write('src/deep/ring.rs', A);
    at.write('src/other.rs', `fn x() {}\n${B}`);
    const moved = await run(at);
    expect(high(moved.summary.news)).toEqual([0, 2, 0]);
    expect(fresh(moved)).toEqual([]);
  });

  test('a part that was not looked at is neither new nor fixed', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/b/mod.rs': B });
    await run(at, 'src/b');
    const whole = await run(at);
    expect(high(whole.summary.news)).toEqual([0, 1, 0]);
    expect(fresh(whole)).toEqual([]);
    at.write('src/lib.rs', '');
    rmSync(join(at.cwd, 'src/b'), { recursive: true });
    mkdirSync(join(at.cwd, 'src/c'));
    at.write('src/c/mod.rs', 'static mut C: u8 = 0;\n');
    expect(high((await run(at, 'src/c')).summary.news)).toEqual([1, 0, 0]);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 2]);
  });

  test('what cannot be read any more is not fixed', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/b.rs': B });
    await run(at);
    writeFileSync(join(at.cwd, 'src/b.rs'), Buffer.from([0x66, 0xff, 0x00]));
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
    at.write('src/b.rs', `${B}fn b() {}\n`);
    expect(high((await run(at)).summary.news)).toEqual([0, 2, 0]);
  });

  test('others who look do not use the news up', async () => {
    const at = repository({ 'src/lib.rs': A });
    await run(at);
    at.write('src/lib.rs', A + B);
    await command(['findings', 'list'], at);
    expect(high((await run(at)).summary.news)).toEqual([1, 1, 0]);
  });

  test('a dismissal fixes nothing', async () => {
    const at = repository({ 'src/lib.rs': A + B });
    const [{ findings }] = (await run(at)).files as [RepositoryReport['files'][number]];
    const id = findings.find(({ item }) => item === 'A')?.id ?? '';
    await command(['findings', 'dismiss', id, '--reason', 'it is fine'], at);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
    await command(['findings', 'restore', id], at);
    expect(high((await run(at)).summary.news)).toEqual([1, 1, 0]);
  });
});

test('findings of what did not change are the same, byte for byte, in every run and home', async () => {
  const at = repository({ 'src/lib.rs': `${A}${B}fn a(x: &str) -> u8 {\n    x.parse().unwrap()\n}\n` });
  const said = async (home = at.home) =>
    JSON.stringify((await run({ ...at, home })).files.map(({ findings }) => findings));
  const first = await said();
  at.write('src/new.rs', 'static mut NEW: u8 = 0;\n');
  await run(at);
  rmSync(join(at.cwd, 'src/new.rs'));
  expect([await said(), await said(homeWith())]).toEqual([first, first]);
  expect(JSON.parse(first)).not.toEqual([[]]);
});

describe('with a model and without', () => {
  let server: LlmServer;
  beforeAll(async () => {
    server = await startLlmServer();
  });
  afterAll(() => server.close());

  test('each is compared with its own last run', async () => {
    const cwd = folderWith({
      'src/main.rs': 'fn read(text: &str) -> u64 {\n    text.parse().unwrap()\n}\nfn main() {}\n',
    });
    const at = { cwd, home: homeWith(paidSettings(server.url)) };
    const medium = async (...words: string[]) => {
      const { news } = (await run(at, '.', ...words)).summary;
      return news === null ? null : [news.new.medium, news.kept.medium, news.fixed.medium];
    };
    expect(await medium()).toBeNull();
    expect(await medium('--provider', 'local')).toBeNull();
    const [, kept] = (await medium()) ?? [];
    expect(kept).toBeGreaterThan(0);
    expect(await medium()).toEqual([0, kept, 0]);
    const said = async () => JSON.stringify((await run(at, '.')).files.map(({ findings }) => findings));
    const once = await said();
    await run(at, '.', '--provider', 'local');
    expect(await said()).toBe(once);
    expect(once).toContain('"source":"llm"');
    // The answer to what was edited is missing: what it said before is not mended by that.
    writeFileSync(
      join(cwd, 'src/main.rs'),
      'fn read(text: &str) -> u64 {\n    let _a = 1;\n    text.parse().unwrap()\n}\nfn main() {}\n',
    );
    expect((await medium('--offline'))?.[2]).toBe(0);
    expect(await medium()).toEqual([0, kept, 0]);
  });
});

describe('since a baseline', () => {
  const baseline = join(freshFolder('out'), 'baseline.json');

  test('only what is new is shown and fails', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/gone.rs': B });
    await command(['analyze', '.', '--format', 'json', '-o', baseline], at);
    // Another machine, another place.
    const moved = { cwd: `${at.cwd}-elsewhere`, home: homeWith() };
    renameSync(at.cwd, moved.cwd);
    const since = ['analyze', '.', '--baseline', baseline, '--fail-on', 'high'];
    expect(await command(since, moved)).toMatchObject({ status: 0 });
    writeFileSync(join(moved.cwd, 'src/lib.rs'), `${A}static mut C: u64 = 0;\n`);
    rmSync(join(moved.cwd, 'src/gone.rs'));
    const { status, stdout } = await command(since, moved);
    expect(status).toBe(1);
    expect(stdout).toContain('1 high shown');
    expect(stdout).toContain('1 new, 1 fixed, 1 kept since the baseline');
    expect(stdout.match(/mutable static/g)).toHaveLength(1);
    const short = await command([...since, '--format', 'short'], moved);
    expect(short.stdout.match(/static-mut/g)).toHaveLength(1);
    const report = await run(moved, '.', '--baseline', baseline);
    expect(report.summary.findings.high).toBe(2);
    expect(fresh(report)).toEqual(['C']);
    const sarif = JSON.parse((await command([...since, '--format', 'sarif'], moved)).stdout) as {
      runs: { results: { baselineState: string }[] }[];
    };
    expect(sarifErrors(sarif)).toEqual([]);
    const found = sarif.runs[0]?.results.map(({ baselineState }) => baselineState);
    expect(new Set(found)).toEqual(new Set(['new', 'unchanged']));
  });

  test('under --since, what fails is both new and of an item that changed', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/b.rs': B });
    git(at.cwd, 'add', '.');
    git(at.cwd, 'commit', '-qm', 'first');
    const edited = 'static mut B: u8 = 0;\n';
    at.write('src/b.rs', edited);
    await command(['analyze', '.', '--format', 'json', '-o', baseline], at);
    const since = ['analyze', '.', '--since', 'HEAD', '--fail-on', 'high'];
    const both = [...since, '--baseline', baseline];
    expect([(await command(since, at)).status, (await command(both, at)).status]).toEqual([1, 0]);
    at.write('src/b.rs', `${edited}static mut C: u8 = 0;\n`);
    const { status, stdout } = await command([...both, '--json'], at);
    const { summary } = (JSON.parse(stdout) as Report).repositories[0] ?? {};
    expect([status, summary?.findings.high, summary?.changed?.high]).toEqual([1, 2, 1]);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no report', '{"repositories": {}}'],
    ['null', 'null'],
    ['a report of a stranger', '{"repositories": [{"id": "x", "path": "/y", "files": [{"path": "a"}]}]}'],
    ['odd findings', '{"repositories": [{"id":"x","path":"/y","files":[{"path":"a","findings":[null]}]}]}'],
  ])('%s is no baseline', async (_name, text) => {
    const at = repository({ 'src/lib.rs': A });
    const file = join(at.home, 'b.json');
    writeFileSync(file, text);
    const { status, stdout, stderr } = await command(['analyze', '.', '--baseline', file], at);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*b\.json is no baseline: .*\nMake one with: rustassistant analyze /);
    expect(filesBelow(at.home)).toEqual(['b.json']);
  });
});
