import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FindingsChangeReport, FindingsReport, PlacedFinding } from '../../src/report/findings.ts';
import type { Report } from '../../src/report/model.ts';
import { filesBelow, folderWith, git } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { schemaErrors } from '../support/schema.ts';
import { sarifErrors } from '../support/formats.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

const SHARED = '.rustassistant.dismissals.jsonl';
const CODE = `pub fn parse(text: &str) -> u64 {
    text.parse().unwrap()
}

static mut COUNT: u64 = 0;
`;

function repository(files: Readonly<Record<string, string>> = { 'src/lib.rs': CODE }) {
  const cwd = folderWith(files);
  git(cwd, 'init', '-q');
  return { cwd, home: homeWith() };
}

async function list(options: CommandOptions): Promise<readonly PlacedFinding[]> {
  const report = await json<FindingsReport>(['findings', 'list'], options);
  expect(schemaErrors('findings', report)).toEqual([]);
  return report.repositories[0]?.findings ?? [];
}

async function one(options: CommandOptions, rule: string): Promise<PlacedFinding> {
  const found = (await list(options)).find((finding) => finding.rule === rule);
  if (found === undefined) throw new Error(`no ${rule}`);
  return found;
}

async function change(words: readonly string[], options: CommandOptions): Promise<FindingsChangeReport> {
  const report = await json<FindingsChangeReport>(['findings', ...words], options);
  expect(schemaErrors('findings-change', report)).toEqual([]);
  return report;
}

const REASON = ['--reason', 'checked by the caller'];

/** How `analyze` tells of a rule, and what it counts. */
async function told(options: CommandOptions, rule: string, ...more: string[]) {
  const report = await json<Report>(['analyze', '.', ...more], options);
  const [repo] = report.repositories;
  const found = repo?.files.flatMap(({ findings }) => findings).find((finding) => finding.rule === rule);
  return { found, summary: repo?.summary, notices: report.notices.map(({ code }) => code) };
}

describe('a dismissal', () => {
  test('is told as suppressed, with reason and time, and counts no more', async () => {
    const at = { ...repository(), now: () => Date.parse('2026-11-27T10:00:00Z') };
    const before = await told(at, 'static-mut');
    expect(before.summary).toMatchObject({ findings: { high: 1 }, suppressed: 0 });
    const { id } = await one(at, 'static-mut');
    const made = await change(['dismiss', id.slice(0, 8), ...REASON], at);
    expect(made.dismissals).toMatchObject([{ rule: 'static-mut', reason: 'checked by the caller' }]);
    expect(statSync(made.file).mode & 0o777).toBe(0o600);
    const { found, summary } = await told(at, 'static-mut');
    expect(found).toEqual({
      ...before.found,
      suppressed: 'checked by the caller',
      dismissedAt: '2026-11-27T10:00:00.000Z',
    });
    expect(summary).toMatchObject({ findings: { high: 0 }, suppressed: 1 });
    expect(summary?.scores?.security).toBeGreaterThan(before.summary?.scores?.security ?? 100);
    const text = await command(['analyze', '.', '--fail-on', 'high'], at);
    expect([text.status, text.stdout.includes('static-mut')]).toEqual([0, false]);
    expect(text.stdout).toContain('1 suppressed');
    const { stdout } = await command(['analyze', '.', '--format', 'sarif'], at);
    expect(sarifErrors(JSON.parse(stdout))).toEqual([]);
    expect(stdout).toContain('"kind":"external"');
  });

  test('survives moved lines, a renamed file and a move into another, not a change of the code', async () => {
    const at = repository();
    const { id } = await one(at, 'static-mut');
    await change(['dismiss', id, ...REASON], at);
    const write = (name: string, text: string) => writeFileSync(join(at.cwd, 'src', name), text);
    const suppressed = async () => (await told(at, 'static-mut')).found?.suppressed;
    write('lib.rs', `// one\n// two\n\n${CODE.replace('COUNT: u64', 'COUNT:  u64')}`);
    expect(await suppressed()).toBe('checked by the caller');
    write('lib.rs', 'mod ring;\n');
    write('ring.rs', `fn other() {}\n${CODE}`);
    expect(await suppressed()).toBe('checked by the caller');
    mkdirSync(join(at.cwd, 'src/deep'));
    renameSync(join(at.cwd, 'src/ring.rs'), join(at.cwd, 'src/deep/mod.rs'));
    expect(await suppressed()).toBe('checked by the caller');
    write('deep/mod.rs', CODE.replace('u64 = 0', 'u32 = 0'));
    expect(await suppressed()).toBeUndefined();
  });

  test('is taken back, and the finding is what it was', async () => {
    const at = repository();
    const before = await told(at, 'static-mut');
    const { id } = await one(at, 'static-mut');
    await change(['dismiss', id, ...REASON], at);
    await told(at, 'static-mut');
    expect((await change(['restore', id], at)).dismissals).toHaveLength(1);
    const after = await told(at, 'static-mut');
    expect(after.found).toEqual(before.found);
    expect({ ...after.summary, elapsedMs: 0 }).toMatchObject({
      findings: before.summary?.findings,
      suppressed: 0,
      scores: before.summary?.scores,
    });
  });

  test('counts once what is named twice', async () => {
    const at = repository();
    const { id } = await one(at, 'static-mut');
    const twice = [id, id.slice(0, 6).toUpperCase()];
    expect((await change(['dismiss', ...twice, ...REASON], at)).dismissals).toHaveLength(1);
    const { repositories } = await json<FindingsReport>(['findings', 'show', ...twice], at);
    expect(repositories[0]?.findings).toHaveLength(1);
  });

  test('outlives the cache, and holds in every work tree', async () => {
    const at = repository();
    const { id } = await one(at, 'static-mut');
    await change(['dismiss', id, ...REASON], at);
    await command(['cache', 'clean'], at);
    expect((await told(at, 'static-mut')).found?.suppressed).toBe('checked by the caller');
    git(at.cwd, 'add', '.');
    git(at.cwd, 'commit', '-qm', 'c');
    const tree = `${at.cwd}-tree`;
    git(at.cwd, 'worktree', 'add', '-q', tree);
    expect((await told({ ...at, cwd: tree }, 'static-mut')).found?.suppressed).toBe('checked by the caller');
  });

  test.each([[[]], [['--shared']]])('of several commands at once all hold: %j', async (where) => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const at = repository({ 'src/lib.rs': names.map((name) => `static mut ${name}: u8 = 0;\n`).join('') });
    const all = await list(at);
    await Promise.all(all.map(({ id }) => command(['findings', 'dismiss', id, ...REASON, ...where], at)));
    expect((await list(at)).map(({ suppressed }) => suppressed)).toEqual(all.map(() => REASON[1]));
    expect(all).toHaveLength(names.length);
  });
});

describe('what a model found', () => {
  let server: LlmServer;
  beforeAll(async () => {
    server = await startLlmServer();
  });
  afterAll(() => server.close());

  const bought = (code: string) => ({
    cwd: folderWith({ 'src/main.rs': code }),
    home: homeWith(paidSettings(server.url)),
  });
  const RULE = 'review/error-handling';

  test('is dismissed and restored without another request, and found by search no more', async () => {
    const at = bought('fn read(text: &str) -> u64 {\n    text.parse().unwrap()\n}\nfn main() {}\n');
    const before = await told(at, RULE);
    const asked = server.log.length;
    const searched = async () =>
      (await json<{ results: unknown[] }>(['search', '--findings', 'unwrap panics'], at)).results.length;
    const hits = await searched();
    const { id } = await one(at, RULE);
    await change(['dismiss', id, ...REASON], at);
    expect(await searched()).toBe(hits - 1);
    expect((await told(at, RULE)).found?.suppressed).toBe('checked by the caller');
    await change(['restore', id], at);
    expect(await searched()).toBe(hits);
    expect((await told(at, RULE)).found).toEqual(before.found);
    expect([asked > 0, server.log.length]).toEqual([true, asked]);
  });

  test('is a note beside TODO(#n), as what a rule found', async () => {
    const at = bought(
      'fn read(text: &str) -> u64 {\n    // TODO(#12): an error\n    text.parse().unwrap()\n}\nfn main() {}\n',
    );
    const { found } = await told(at, RULE);
    expect(found?.severity).toBe('info');
    expect(found?.message).toMatch(/ Tracked in #12: a note\.$/);
    const local = repository({ 'src/lib.rs': CODE.replace('static mut', '// FIXME(o/r#3)\nstatic mut') });
    expect((await told(local, 'static-mut')).found?.severity).toBe('info');
  });
});

describe('the file of a team', () => {
  test('holds what was exported, for others who have the repository', async () => {
    const at = repository();
    const { id } = await one(at, 'static-mut');
    await change(['dismiss', id, ...REASON], at);
    const { file } = await change(['export'], at);
    expect(file).toBe(join(at.cwd, SHARED));
    const other = { cwd: at.cwd, home: homeWith() };
    const { found, notices } = await told(other, 'static-mut');
    expect(found?.suppressed).toBe('checked by the caller');
    expect(notices).toContain('repository-dismissals');
    const refused = await command(['findings', 'restore', id], other);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--shared') as string]);
    await change(['restore', id, '--shared'], other);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect((await told(other, 'static-mut')).found?.suppressed).toBeUndefined();
  });

  test('is not heard where the code is not trusted', async () => {
    const at = repository();
    await change(['dismiss', (await one(at, 'static-mut')).id, ...REASON, '--shared'], at);
    const { found, notices } = await told(at, 'static-mut', '--untrusted');
    expect(found?.suppressed).toBeUndefined();
    expect(notices).not.toContain('repository-dismissals');
    expect((await told(at, 'static-mut')).found?.suppressed).toBe('checked by the caller');
  });

  test('what two places keep is restored in each, and it is said that the other one still holds', async () => {
    const at = repository();
    const { id } = await one(at, 'static-mut');
    for (const [first, second, still] of [
      [[], ['--shared'], 'still dismissed in .rustassistant.dismissals.jsonl; restore there with --shared'],
      [['--shared'], [], 'still dismissed on this machine; restore there without --shared'],
    ] as const) {
      await change(['dismiss', id, ...REASON], at);
      await change(['export'], at);
      const { stdout } = await command(['findings', 'restore', id, ...first], at);
      expect(stdout).toContain(`note: ${still}\n`);
      expect((await one(at, 'static-mut')).suppressed).toBe(REASON[1]);
      expect((await change(['restore', id, ...second], at)).notices).toEqual([]);
      expect((await one(at, 'static-mut')).suppressed).toBeUndefined();
    }
  });

  test('export tells what is new there; with nothing new it writes nothing', async () => {
    const at = repository();
    expect((await change(['export'], at)).dismissals).toEqual([]);
    expect(existsSync(join(at.cwd, SHARED))).toBe(false);
    const { id } = await one(at, 'static-mut');
    await change(['dismiss', id, ...REASON], at);
    const { stdout } = await command(['findings', 'export'], at);
    expect(stdout).toMatch(/^1 finding exported in .*\n.*\nCommit it: /);
    expect((await command(['findings', 'export'], at)).stdout).toMatch(/^0 findings exported in .*\n$/);
    await change(['dismiss', id, '--reason', 'a better reason'], at);
    expect((await change(['export'], at)).dismissals).toMatchObject([{ reason: 'a better reason' }]);
    expect(readFileSync(join(at.cwd, SHARED), 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  test('may silence and nothing else, and its mistakes are named', async () => {
    const at = repository();
    const line = {
      rule: 'static-mut',
      path: 'src/lib.rs',
      item: 'COUNT',
      quote: 'static mut COUNT: u64 = 0;',
    };
    const good = { ...line, reason: 'ok \u001b[2J then', at: '2026-11-27T10:00:00Z', severity: 'critical' };
    writeFileSync(join(at.cwd, SHARED), `<<<<<<< HEAD\n${JSON.stringify(good)}\n`);
    const { found, notices } = await told(at, 'static-mut');
    expect(found).toMatchObject({ severity: 'high', suppressed: 'ok \u001b[2J then' });
    expect(notices).toContain('dismissals-damaged');
    const { stdout } = await command(['findings', 'list'], at);
    expect(stdout).not.toContain('\u001b');
    const { id } = await one(at, 'static-mut');
    const refused = await command(['findings', 'dismiss', id, ...REASON, '--shared'], at);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('line 1') as string]);
  });

  test('a link in its place is neither read nor written', async () => {
    const at = repository();
    const outside = join(at.home, 'outside');
    writeFileSync(outside, '');
    symlinkSync(outside, join(at.cwd, SHARED));
    const { id } = await one(at, 'static-mut');
    const { status, stderr } = await command(['findings', 'dismiss', id, ...REASON, '--shared'], at);
    expect([status, stderr]).toEqual([2, expect.stringContaining('a symbolic link') as string]);
    expect(readFileSync(outside, 'utf8')).toBe('');
  });
});

describe('on the screen', () => {
  test('list and show', async () => {
    const at = { ...repository(), now: () => Date.parse('2026-11-27T10:00:00Z') };
    const { id } = await one(at, 'static-mut');
    const { stdout } = await command(['findings', 'list'], at);
    expect(stdout).toMatch(new RegExp(`^${id.slice(0, 8)}  high +static-mut +src/lib\\.rs:5 `, 'm'));
    await change(['dismiss', id, ...REASON], at);
    const later = await command(['findings', 'list'], at);
    expect(later.stdout).toMatch(
      /\n\nSuppressed\n[0-9a-f]{8} .*dismissed 2026-11-27: checked by the caller\n/,
    );
    const shown = await command(['findings', 'show', id.slice(0, 6)], at);
    expect(shown.stdout).toContain('   = suppressed, dismissed 2026-11-27: checked by the caller\n');
  });

  test.each([
    [['dismiss', 'abcd'], "required option '--reason <text>' not specified"],
    [['dismiss', 'ffffffff', ...REASON], 'no finding here has the id ffffffff'],
    [['dismiss', 'xyz', ...REASON], '"xyz" is no id of a finding'],
    [['dismiss', 'ffffffff', '--reason', ' '], '--reason says nothing, or too much'],
    [['restore', 'ffffffff'], 'no finding here has the id ffffffff'],
  ])('%j: %s', async (words, message) => {
    const at = repository();
    const { status, stdout, stderr } = await command(['findings', ...words], at);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${message}`);
    expect(existsSync(join(at.home, 'dismissals'))).toBe(false);
  });

  test('what a comment suppresses is restored by taking it out', async () => {
    const allow = '// rustassistant:allow(static-mut) written once\n';
    const at = repository({ 'src/lib.rs': `${allow}static mut X: u8 = 0;\n` });
    const { id } = await one(at, 'static-mut');
    const { status, stderr } = await command(['findings', 'restore', id], at);
    expect([status, stderr]).toEqual([
      2,
      `error: ${id} is not dismissed but suppressed by a comment in src/lib.rs\nTake the comment out.\n`,
    ]);
  });

  test('what is not dismissed cannot be restored, what does not parse not dismissed', async () => {
    const at = repository({ 'src/lib.rs': 'static mut X: u8 = 0;\nfn broken( {\n' });
    const all = await list(at);
    const idOf = (rule: string) => all.find((finding) => finding.rule === rule)?.id ?? '';
    const restored = await command(['findings', 'restore', idOf('static-mut')], at);
    expect(restored.stderr).toContain('is not dismissed');
    const dismissed = await command(['findings', 'dismiss', idOf('syntax-error'), ...REASON], at);
    expect(dismissed.stderr).toContain('cannot be dismissed');
    expect(filesBelow(at.home).filter((path) => path.startsWith('dismissals'))).toEqual([]);
  });
});
