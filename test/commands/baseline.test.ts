import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { filesBelow, freshFolder, git } from '../support/cli.ts';
import { sarifErrors } from '../support/formats.ts';
import { A, B, fresh, repository, run } from './news-support.ts';
import { command, homeWith } from './support.ts';

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

  test('a repository that it says nothing of is refused before anything is done', async () => {
    const [one, two] = [repository({ 'src/lib.rs': A }), repository({ 'src/lib.rs': A })];
    const made = async (...folders: string[]) =>
      command(['analyze', ...folders, '--format', 'json', '-o', baseline], one);
    const against = async (...folders: string[]) => {
      const { status, stderr } = await command(['analyze', ...folders, '--baseline', baseline], two);
      return [status, stderr.split('\n')[0], filesBelow(two.home).length];
    };
    await made(one.cwd);
    const many = 'error: the baseline is about one repository, and these are 2';
    expect(await against(one.cwd, two.cwd)).toEqual([2, many, 0]);
    await made(one.cwd, repository({ 'src/lib.rs': B }).cwd);
    const unknown = `error: the baseline says nothing of ${two.cwd}`;
    expect(await against(one.cwd, two.cwd)).toEqual([2, unknown, 0]);
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
