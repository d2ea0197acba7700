import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RepoReport } from '../../src/report/repo.ts';
import { freshFolder, git, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json } from './support.ts';

const MANIFEST = '[package]\nname = "small"\nversion = "0.1.0"\n';

async function repo(args: readonly string[], options: CommandOptions): Promise<RepoReport> {
  const report = await json<RepoReport>(['repo', ...args], options);
  expect(schemaErrors('repo', report)).toEqual([]);
  return report;
}

/** A developer's folder: two repositories, a package without git, and what is none of them. */
function code(): string {
  const folder = freshFolder('code');
  writeFiles(folder, {
    'one/Cargo.toml': MANIFEST,
    'one/src/lib.rs': 'pub fn one() {}\n',
    'deep/er/two/src/main.rs': 'fn main() {}\n',
    'plain/Cargo.toml': MANIFEST,
    'plain/src/lib.rs': '',
    'web/index.html': '',
    'notes/a.rs': '',
    '.cargo/registry/other/Cargo.toml': MANIFEST,
    '.cargo/registry/other/src/lib.rs': '',
    'empty/Cargo.toml': MANIFEST,
  });
  for (const name of ['one', 'deep/er/two', 'web']) git(join(folder, name), 'init', '-q');
  mkdirSync(join(folder, 'links'));
  symlinkSync(join(folder, 'one'), join(folder, 'links', 'again'));
  return folder;
}

test('add --recursive finds what holds Rust code, once', async () => {
  const folder = code();
  const home = homeWith();
  const roots = ['deep/er/two', 'one', 'plain'].map((name) => join(folder, name));
  const first = await repo(['add', '--recursive', folder], { home });
  expect(first.changed).toEqual(roots);
  expect(first.repositories.map(({ path }) => path)).toEqual(roots);
  expect((await repo(['add', join(folder, 'one', 'src')], { home })).changed).toEqual([]);
  const again = await command(['repo', 'add', join(folder, 'one')], { home });
  expect(again.stdout).toBe('nothing new; 3 repositories tracked\n');
  const { stdout } = await command(['repo', 'list'], { home });
  expect(stdout.trimEnd().split('\n')).toEqual(roots.map((path) => expect.stringContaining(path) as string));
});

test('list tells what was analysed and what is gone; remove forgets it', async () => {
  const folder = code();
  const home = homeWith();
  await repo(['add', '--recursive', folder], { home });
  await command(['analyze', join(folder, 'one')], { home });
  rmSync(join(folder, 'plain'), { recursive: true });
  const { repositories } = await repo(['list'], { home });
  expect(repositories.map(({ there, lastSync, bytes }) => [there, lastSync !== null, bytes > 0])).toEqual([
    [true, false, false],
    [true, true, true],
    [false, false, false],
  ]);
  const left = await repo(['remove', join(folder, 'plain'), join(folder, 'one')], { home });
  expect([left.changed.length, left.repositories.length]).toEqual([2, 1]);
});

test('analyze --all takes the tracked ones, and says which is gone', async () => {
  const folder = code();
  const home = homeWith();
  await repo(['add', '--recursive', folder], { home });
  rmSync(join(folder, 'plain'), { recursive: true });
  const { status, stdout, stderr } = await command(['analyze', '--all'], { home });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^two · local(.|\n)*\none · local/);
  expect(stdout).toContain('rustassistant analyze --all --dry-run');
  expect(stderr).toBe(
    `note: ${folder}/plain is not there any more. See: rustassistant repo remove ${folder}/plain\n`,
  );
});

test.each([
  [['repo', 'add'], "missing required argument 'path'"],
  [['repo', 'add', '.'], 'there is no Rust file in'],
  [['repo', 'remove', '/nowhere'], '/nowhere is not tracked\nSee: rustassistant repo list'],
  [['analyze', '--all'], 'Track some first: rustassistant repo add --recursive ~/code'],
  [['analyze', '--all', '.'], '--all takes no paths'],
])('%j is a mistake', async (args, message) => {
  const home = homeWith();
  const { status, stdout, stderr } = await command(args, { home, cwd: freshFolder('cwd') });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('a folder with Rust files that is no repository is none below, and one when it is named', async () => {
  const folder = join(code(), 'notes');
  const home = homeWith();
  const { status, stderr } = await command(['repo', 'add', '--recursive', folder], { home });
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining(`no repository and no Cargo package with Rust code below ${folder}`) as string,
  ]);
  expect((await repo(['add', folder], { home })).changed).toEqual([folder]);
});

test('without any it says how to begin, and makes no home', async () => {
  const { stdout } = await command(['repo', 'list'], { home: homeWith() });
  expect(stdout).toBe('No repository is tracked. Add some: rustassistant repo add --recursive ~/code\n');
});
