import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Overview, OverviewReport } from '../../src/report/overview-model.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { folderWith, freshFolder, git, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());

const DAY = 24 * 60 * 60 * 1000;

const HOT = `// TODO: split it
pub unsafe fn hot(p: *const u8, n: u8) -> u8 {
    if n > 1 && n < 9 { unsafe { *p } } else { 0 }
}
`;

/** Three commits, the hot file in each of them. */
function repository(): string {
  const folder = folderWith({ 'src/lib.rs': 'pub mod hot;\n', 'src/hot.rs': HOT });
  git(folder, 'init', '-q');
  for (const [at, message] of ['one', 'two', 'three'].entries()) {
    writeFiles(folder, { 'src/hot.rs': `${HOT}\n// FIXME(#${at}) again\n` });
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', message);
  }
  return folder;
}

async function overview(
  args: readonly string[],
  options: { home: string; now?: () => number },
): Promise<Overview> {
  const report = await json<OverviewReport>(['report', ...args], options);
  expect(schemaErrors('report', report)).toEqual([]);
  const [first] = report.repositories;
  if (first === undefined) throw new Error(JSON.stringify(report));
  return first;
}

test('where to begin: hotspots, items, unsafe, TODOs with their age', async () => {
  const home = homeWith();
  const folder = repository();
  await command(['analyze', folder], { home });
  const now = (): number => Date.now() + 10 * DAY;
  const report = await overview([folder], { home, now });
  expect(report.hotspots.unknown).toBeNull();
  expect(report.hotspots.files).toMatchObject([{ path: 'src/hot.rs', commits: 3 }]);
  expect(report.hotspots.files[0]?.score).toBeGreaterThan(0);
  expect(report.items[0]).toMatchObject({ path: 'src/hot.rs', item: 'hot' });
  expect(report.unsafe).toEqual({ blocks: 1, unknownFiles: 0, files: [{ path: 'src/hot.rs', blocks: 1 }] });
  expect(report.todos?.map(({ line, tracked, days }) => [line, tracked, days])).toEqual([
    [1, false, 10],
    [6, true, 10],
  ]);
  expect([report.outdated, report.coverage, report.runs.length]).toEqual([0, null, 1]);
  const { stdout } = await command(['report', folder], { home, now });
  expect(stdout).toContain('\n  10 days  src/hot.rs:1  TODO: split it\n');
  expect(stdout).toMatch(/Hotspots {2}commits of 365 days/);
});

test('unknown is not zero: a shallow clone, a file that does not parse, lines that are not committed', async () => {
  const home = homeWith();
  const clone = join(freshFolder('clone'), 'clone');
  const origin = repository();
  git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, clone);
  writeFiles(clone, { 'src/broken.rs': 'fn broken( { unsafe {\n// TODO\n' });
  await command(['analyze', clone], { home });
  const report = await overview([clone], { home });
  expect(report.hotspots.unknown).toBe('the clone is shallow (git fetch --unshallow brings its history)');
  expect(report.hotspots.files.map(({ commits, score }) => [commits, score])).toEqual(
    report.hotspots.files.map(() => [null, null]),
  );
  expect(report.unsafe.unknownFiles).toBe(1);
  expect(report.todos?.map(({ days }) => days)).toEqual(report.todos?.map(() => null));
  const { stdout } = await command(['report', clone], { home });
  expect(stdout).toContain(
    'Hotspots  unknown: the clone is shallow (git fetch --unshallow brings its history)\n',
  );
  expect(stdout).toContain('1 block in 1 file; unknown in 1 file');
  expect(stdout).toContain('  unknown  src/broken.rs:2');
});

test('it tells of what is stored, and says where that is not so any more', async () => {
  const home = homeWith();
  const folder = repository();
  const nothing = await command(['report', folder], { home });
  expect([nothing.status, nothing.stderr]).toEqual([
    2,
    expect.stringMatching(/^error: nothing is stored of .*\nRun: rustassistant analyze /),
  ]);
  await command(['analyze', folder], { home });
  writeFiles(folder, { 'src/new.rs': 'fn n() {}\n', 'src/lib.rs': '' });
  git(folder, 'rm', '-qf', 'src/hot.rs');
  const report = await overview([folder], { home });
  expect([report.files, report.outdated]).toEqual([2, 3]);
  expect((await command(['report', folder], { home })).stdout).toContain(
    '3 files not as on the disk any more',
  );
  const part = await overview([join(folder, 'src/lib.rs')], { home });
  expect([part.files, part.outdated]).toEqual([1, 1]);
});

test('the trend, what was bought and what it cost', async () => {
  const home = homeWith(paidSettings(server.url));
  const folder = repository();
  const billed = server.bill();
  await command(['analyze', folder], { home });
  const first = await overview([folder], { home });
  expect(first.coverage).toEqual({ answered: 1, missing: 0 });
  expect(first.cost?.ticks).toBe(server.bill() - billed);
  writeFiles(folder, { 'src/lib.rs': 'pub mod hot;\npub fn two(t: &str) -> u8 { t.parse().unwrap() }\n' });
  await command(['analyze', folder, '--offline'], { home });
  const second = await overview([folder], { home });
  expect(second.coverage).toEqual({ answered: 1, missing: 1 });
  expect(second.runs.map(({ model, usd }) => [model, usd > 0])).toEqual([
    ['grok-4.3', false],
    ['grok-4.3', true],
  ]);
  const { stdout } = await command(['report', folder], { home });
  expect(stdout).toContain('LLM review: 1 of 2 items answered (50 %)');
  expect(stdout).toMatch(/\nspent: \$0\.\d+ in 1 request from this machine\n/);
});

test('all tracked repositories: their reports, and one table at the end of an analysis', async () => {
  const home = homeWith();
  const folders = [repository(), repository()].sort();
  await command(['repo', 'add', ...folders], { home });
  const { stdout } = await command(['analyze', '--all'], { home });
  const [head, ...rows] = stdout.trimEnd().split('\n').slice(-4);
  expect(head?.trim().split(/\s+/)).toEqual([
    ...['files', 'lines', 'critical', 'high', 'medium', 'low', 'info', 'quality'],
  ]);
  expect(rows.map((row) => row.trim().split(/\s+/)[0])).toEqual([...folders, 'all']);
  expect(rows.at(-1)).toMatch(/^all +4 +14 /);
  const report = await json<OverviewReport>(['report', '--all'], { home });
  expect(report.repositories.map(({ path }) => path)).toEqual(folders);
});

test('a tracked repository without an analysis is told and hides no other; alone or named it is refused', async () => {
  const home = homeWith();
  const [old, fresh] = [repository(), repository()];
  await command(['repo', 'add', fresh], { home });
  expect((await command(['report', '--all'], { home })).status).toBe(2);
  await command(['analyze', old], { home });
  await command(['repo', 'add', old], { home });
  const { status, stdout } = await command(['report', '--all'], { home });
  expect([status, stdout]).toEqual([0, expect.stringContaining(`${old} @ `) as string]);
  expect(stdout).toContain(`nothing is stored of ${fresh}. Run: rustassistant analyze ${fresh}\n`);
  const report = await json<OverviewReport>(['report', '--all'], { home });
  expect(schemaErrors('report', report)).toEqual([]);
  expect(report.notices.map(({ code }) => code)).toEqual(['not-analysed']);
  expect((await command(['report', old, fresh], { home })).status).toBe(2);
});
