import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import { folderWith, freshFolder, git, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json } from './support.ts';

const SHELL = 'std::process::Command::new("sh").arg("-c").arg(format!("ls {name}"))';

/** A function with a finding of high severity. */
function risky(name: string): string {
  return `pub fn ${name}(name: &str) {\n    let _ = ${SHELL}.spawn();\n}\n`;
}

const OLD = Array.from({ length: 10 }, (_, at) => risky(`old_${at}`));

/** A repository with ten old findings in one file, and a home. */
function tenOld(): { readonly home: string; readonly folder: string } {
  const folder = folderWith({ 'src/lib.rs': `pub mod other;\n\n${OLD.join('\n')}`, 'src/other.rs': '' });
  git(folder, 'init', '-q');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'first');
  return { home: homeWith(), folder };
}

async function since(
  { home, folder }: ReturnType<typeof tenOld>,
  ref = 'HEAD',
): Promise<{ readonly status: number; readonly changed: readonly string[] }> {
  const args = ['analyze', folder, '--since', ref, '--fail-on', 'high'];
  const report = await json<Report>(args, { home });
  expect(schemaErrors('analyze', report)).toEqual([]);
  const findings = report.repositories.flatMap(({ files }) => files.flatMap((file) => file.findings));
  const changed = findings.filter((finding) => finding.changed === true);
  const high = changed.filter(({ severity }) => severity === 'high');
  expect(report.repositories[0]?.summary.changed?.high).toBe(high.length);
  expect(report.repositories[0]?.summary.findings.high).toBeGreaterThanOrEqual(high.length);
  return { status: (await command(args, { home })).status, changed: high.map(({ item }) => item) };
}

describe('--fail-on under --since asks for findings of items that changed', () => {
  test('ten old ones in a file that changed elsewhere do not fail it', async () => {
    const repository = tenOld();
    const text = `pub mod other;\n\n${OLD.slice(0, 5).join('\n')}\npub fn harmless() {}\n\n${OLD.slice(5).join('\n')}`;
    writeFiles(repository.folder, { 'src/lib.rs': text });
    expect(await since(repository)).toEqual({ status: 0, changed: [] });
    const whole = await command(['analyze', repository.folder, '--fail-on', 'high'], repository);
    expect(whole.status).toBe(1);
  });

  test('a new one between them does, and so does an old one in an item that was touched', async () => {
    const repository = tenOld();
    const { folder } = repository;
    const added = `${OLD.slice(0, 5).join('\n')}\n${risky('added')}\n${OLD.slice(5).join('\n')}`;
    writeFiles(folder, { 'src/lib.rs': added });
    expect(await since(repository)).toEqual({ status: 1, changed: ['added'] });
    writeFiles(folder, { 'src/lib.rs': OLD.join('\n').replace('fn old_3(', 'fn touched(') });
    expect(await since(repository)).toEqual({ status: 1, changed: ['touched'] });
  });

  test('what only moved is old: within the file, to another, with a renamed file, with other line ends', async () => {
    const repository = tenOld();
    const { folder } = repository;
    writeFiles(folder, { 'src/lib.rs': [...OLD].reverse().join('\n') });
    expect(await since(repository)).toEqual({ status: 0, changed: [] });
    writeFiles(folder, { 'src/lib.rs': 'pub mod other;\n', 'src/other.rs': OLD.join('\n') });
    expect(await since(repository)).toEqual({ status: 0, changed: [] });
    git(folder, 'checkout', '-q', '.');
    git(folder, 'mv', 'src/lib.rs', 'src/renamed.rs');
    expect(await since(repository)).toEqual({ status: 0, changed: [] });
    writeFiles(folder, { 'src/renamed.rs': OLD.join('\n').replaceAll('\n', '\r\n') });
    expect(await since(repository)).toEqual({ status: 0, changed: [] });
  });

  test('outside of items by its own lines', async () => {
    const repository = tenOld();
    const { folder, home } = repository;
    const report = async (): Promise<(boolean | undefined)[]> => {
      const args = ['analyze', folder, '--since', 'HEAD', '--severity', 'info'];
      const { repositories } = await json<Report>(args, { home });
      const files = repositories.flatMap((one) => one.files);
      const findings = files.flatMap((file) => file.findings).filter(({ rule }) => rule === 'static-mut');
      return findings.map(({ changed }) => changed);
    };
    writeFiles(folder, { 'src/lib.rs': 'static mut OLD: u8 = 0;\n' });
    git(folder, 'commit', '-qam', 'second');
    writeFiles(folder, { 'src/lib.rs': '// moved\nstatic mut OLD: u8 = 0;\nstatic mut NEW: u8 = 0;\n' });
    expect(await report()).toEqual([false, true]);
  });

  test('what is read by people says how many and which; a comment leaves out the others', async () => {
    const repository = tenOld();
    writeFiles(repository.folder, { 'src/lib.rs': `${OLD.join('\n')}\n${risky('added')}` });
    const args = ['analyze', repository.folder, '--since', 'HEAD'];
    const { stdout } = await command(args, repository);
    expect(stdout).toMatch(/\nin items that changed: 1 high\b/);
    expect(stdout).toContain('\n1 changed .rs file: 1 analyzed\n');
    expect(stdout.match(/^high\[.*$/gm)?.map((line) => line.endsWith(' (changed)'))).toEqual([
      true,
      ...OLD.map(() => false),
    ]);
    const short = (await command([...args, '--severity', 'high', '--format', 'short'], repository)).stdout;
    expect(short.match(/ \(changed\)$/gm)).toHaveLength(1);
    const comment = (await command([...args, '--format', 'markdown'], repository)).stdout;
    expect(comment).toContain('\n### rustassistant: 1 high in items that changed\n');
    expect(comment.match(/^<details>$/gm)).toHaveLength(1);
    expect(comment).toMatch(/\n10 findings in items that did not change: left out\.\n$/);
    writeFiles(repository.folder, { 'src/lib.rs': OLD.join('\n') });
    expect((await command(args, repository)).stdout).toContain('\nin items that changed: none\n');
  });
});

describe('a history that does not tell ends with 2 and what mends it', () => {
  /** Runs what the hint says, and the command again. */
  async function mended(folder: string, ref: string, mend: RegExp): Promise<void> {
    const home = homeWith();
    const args = ['analyze', folder, '--since', ref];
    const first = await command(args, { home });
    expect(first).toMatchObject({ status: 2, stdout: '' });
    const line = mend.exec(first.stderr)?.[1];
    expect(line, first.stderr).toBeDefined();
    execFileSync('sh', ['-c', line as string], { cwd: folder, stdio: 'pipe' });
    expect(await command(args, { home })).toMatchObject({ status: 0, stderr: '' });
  }

  function twoBranches(): string {
    const { folder } = tenOld();
    git(folder, 'branch', 'base');
    writeFiles(folder, { 'src/other.rs': 'fn second() {}\n' });
    git(folder, 'commit', '-qam', 'second');
    git(folder, 'checkout', '-q', '-b', 'feature');
    return folder;
  }

  test('a shallow clone of one branch', async () => {
    const clone = join(freshFolder('clone'), 'clone');
    const origin = twoBranches();
    git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, clone);
    await mended(clone, 'origin/base', /Run: (git fetch --unshallow .*) \(in CI/);
  });

  test('a shallow clone that knows both ends and not where they met', async () => {
    const clone = join(freshFolder('clone'), 'clone');
    const origin = twoBranches();
    git(origin, 'clone', '-q', '--depth=1', '--no-single-branch', `file://${origin}`, clone);
    await mended(clone, 'origin/base', /Run: (git fetch --unshallow .*) \(in CI/);
  });

  test('a git that refuses a repository of another user', async () => {
    const { home, folder } = tenOld();
    const args = ['analyze', folder, '--since', 'HEAD'];
    // As git's own tests do it.
    const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1', GIT_CONFIG_NOSYSTEM: '1' };
    const refused = await command(args, { home, env });
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    const line = /If you trust it: (git config --global .*)\n/.exec(refused.stderr)?.[1] ?? '';
    execFileSync('sh', ['-c', line], { cwd: folder, env: { PATH: process.env['PATH'], HOME: home } });
    expect(await command(args, { home, env })).toMatchObject({ status: 0 });
  });

  test('a base that was not fetched', async () => {
    const clone = join(freshFolder('clone'), 'clone');
    const origin = twoBranches();
    git(origin, 'clone', '-q', '--single-branch', `file://${origin}`, clone);
    await mended(clone, 'origin/base', /Run: (git fetch .*) and give/);
  });
});
