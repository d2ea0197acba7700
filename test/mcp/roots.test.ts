import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ContextReport } from '../../src/report/context.ts';
import type { Report } from '../../src/report/model.ts';
import type { OutlineFile } from '../../src/report/outline.ts';
import type { SearchReport } from '../../src/report/search-model.ts';
import { command, homeWith } from '../commands/support.ts';
import { folderWith, freshFolder, git, writeFiles } from '../support/cli.ts';
import type { Connected, ConnectOptions } from './support.ts';
import { connect, errorOf, textOf, valueOf } from './support.ts';

const open: Connected[] = [];
afterEach(async () => {
  for (const { client } of open.splice(0)) await client.close();
});

async function agentWith(options: Partial<ConnectOptions> & { readonly cwd: string }): Promise<Connected> {
  const agent = await connect({ home: homeWith(), ...options });
  open.push(agent);
  return agent;
}

const crate = (name: string): string =>
  folderWith({ 'src/lib.rs': `/// The anchor of ${name}.\npub fn anchor_${name}() {}\n` });

/** The names that a search for the anchors finds. */
async function anchors(agent: Connected, args: object = {}): Promise<string[]> {
  const result = await agent.call('search', { query: 'anchor', ...args });
  return valueOf<SearchReport>(result)
    .results.map(({ name }) => name)
    .sort();
}

const TOOLS: readonly (readonly [string, object])[] = [
  ['search', { query: 'anchor' }],
  ['context', { task: 'anchor' }],
  ['outline', {}],
  ['findings', {}],
];

describe('what lies outside is refused', () => {
  const here = crate('here');
  const there = crate('there');
  symlinkSync(there, join(here, 'way-out'));
  symlinkSync(join(there, 'src/lib.rs'), join(here, 'src/linked.rs'));

  test.each(TOOLS)('by %s', async (name, args) => {
    const agent = await agentWith({ cwd: here });
    const ways = [
      there,
      join(there, 'src/lib.rs'),
      '..',
      `../${basename(there)}`,
      'way-out',
      'src/linked.rs',
      '/',
    ];
    for (const path of ways)
      expect(errorOf(await agent.call(name, { ...args, paths: [path] }))).toBe(
        `error: ${path} is outside of what may be read\nMay be read: ${here}.`,
      );
    const both = await agent.call(name, { ...args, paths: ['src', there] });
    expect(errorOf(both)).toContain(`${there} is outside of what may be read`);
  });

  test('whether anything is there or not', async () => {
    const agent = await agentWith({ cwd: here });
    const outside = join(dirname(here), 'nothing-at-all');
    expect(errorOf(await agent.call('outline', { paths: [outside] }))).toContain(
      'is outside of what may be read',
    );
    expect(errorOf(await agent.call('outline', { paths: ['no\0byte.rs'] }))).toContain('does not exist');
    expect(errorOf(await agent.call('outline', { paths: ['src/none.rs'] }))).toBe(
      `error: src/none.rs does not exist\nIt was looked for in ${here}.`,
    );
  });

  test('and no link in a repository is followed', async () => {
    const agent = await agentWith({ cwd: here });
    expect(await anchors(agent)).toEqual(['anchor_here']);
  });
});

test('of a repository around a folder only that folder is shown', async () => {
  const whole = folderWith({
    'src/lib.rs': 'pub mod inner;\npub fn anchor_outer() { secret_helper() }\npub fn secret_helper() {}\n',
    'src/inner/mod.rs': 'pub fn anchor_inner() { secret_helper() }\n',
  });
  git(whole, 'init', '-q');
  const home = homeWith();
  // All of it is indexed.
  expect((await command(['search', 'anchor'], { home, cwd: whole })).status).toBe(0);
  const agent = await agentWith({ home, cwd: join(whole, 'src/inner') });
  expect(await anchors(agent)).toEqual(['anchor_inner']);
  const pack = valueOf<ContextReport>(await agent.call('context', { task: 'anchor' }));
  expect(pack.items.map(({ name }) => name)).toEqual(['anchor_inner']);
  const { files } = valueOf<{ files: OutlineFile[] }>(await agent.call('outline'));
  expect(files.map(({ path }) => path)).toEqual(['src/inner/mod.rs']);
  const report = valueOf<Report>(await agent.call('findings', { severity: 'info' }));
  expect(report.repositories[0]?.summary.files.found).toBe(1);
  // Paths as answers give them, and as they stand from the folder.
  expect(await anchors(agent, { paths: ['src/inner/mod.rs'] })).toEqual(['anchor_inner']);
  expect(await anchors(agent, { paths: ['mod.rs'] })).toEqual(['anchor_inner']);
  expect(errorOf(await agent.call('outline', { paths: ['src/lib.rs'] }))).toContain('does not exist');
  const above = join(whole, 'src/lib.rs');
  expect(errorOf(await agent.call('outline', { paths: [above] }))).toContain('is outside');
});

describe('which folders may be read', () => {
  test("the client's, whatever the command line says, and others as soon as it says so", async () => {
    const one = crate('one');
    const two = crate('two');
    const three = crate('three');
    const roots = [one];
    const agent = await agentWith({ cwd: three, args: ['--root', three], roots: () => roots });
    expect(await anchors(agent)).toEqual(['anchor_one']);
    expect(errorOf(await agent.call('outline', { paths: [three] }))).toContain(`May be read: ${one}.`);
    roots.splice(0, 1, two, `${two}/gone`, 'file://elsewhere/share');
    await agent.client.sendRootsListChanged();
    expect(await anchors(agent)).toEqual(['anchor_two']);
    expect(errorOf(await agent.call('outline', { paths: [one] }))).toContain(`May be read: ${two}.`);
    expect(agent.stderr()).toContain('gone is left out: it does not exist');
    expect(agent.stderr()).toContain('file://elsewhere/share is left out: it is no file:// address');
  });

  test('those of a client that never tells of changes are asked for each time', async () => {
    const roots = [crate('one')];
    const agent = await agentWith({ cwd: crate('current'), roots: () => roots, tells: false });
    expect(await anchors(agent)).toEqual(['anchor_one']);
    roots[0] = crate('two');
    expect(await anchors(agent)).toEqual(['anchor_two']);
  });

  test('those of the command line, where the client names none', async () => {
    const [one, two, cwd] = [crate('one'), crate('two'), crate('current')];
    const silent = await agentWith({ cwd, args: ['--root', one, two] });
    expect(await anchors(silent)).toEqual(['anchor_one', 'anchor_two']);
    const empty = await agentWith({ cwd, args: ['--root', one], roots: () => [] });
    expect(await anchors(empty)).toEqual(['anchor_one']);
  });

  test('none, where the client offers folders and names none', async () => {
    const agent = await agentWith({ cwd: crate('current'), roots: () => [] });
    expect(errorOf(await agent.call('outline'))).toBe(
      'error: the client names no folder that may be read\nOpen a folder in the client, or start the server with --root <path>.',
    );
  });

  test('an answer that names no folder of this machine is an error, and the next one is heeded', async () => {
    const one = crate('one');
    const roots = ['https://example.org/repository'];
    const agent = await agentWith({ cwd: one, roots: () => roots });
    expect(errorOf(await agent.call('outline'))).toBe(
      'error: the client did not name its folders: its answer is no list of file:// addresses\nCall again, or start the server with --root in a client that offers no folders.',
    );
    roots[0] = one;
    expect(await anchors(agent)).toEqual(['anchor_one']);
  });

  test('the tracked repositories with --all alone', async () => {
    const home = homeWith();
    const [cwd, tracked] = [crate('current'), crate('tracked')];
    expect((await command(['repo', 'add', tracked], { home })).status).toBe(0);
    const alone = await agentWith({ home, cwd });
    expect(await anchors(alone)).toEqual(['anchor_current']);
    expect(errorOf(await alone.call('outline', { paths: [tracked] }))).toContain('is outside');
    const all = await agentWith({ home, cwd, args: ['--all'] });
    expect(await anchors(all)).toEqual(['anchor_current', 'anchor_tracked']);
    expect(await anchors(all, { paths: [tracked] })).toEqual(['anchor_tracked']);
    rmSync(tracked, { recursive: true });
    expect(await anchors(all)).toEqual(['anchor_current']);
  });

  test('none at the top of the file system, where nobody said that it is meant', async () => {
    const agent = await agentWith({ cwd: '/' });
    expect(errorOf(await agent.call('outline'))).toContain(
      'error: the client names no folder that may be read\n',
    );
  });

  test('of a folder of repositories those that the agent names', async () => {
    const folder = freshFolder('folder');
    for (const name of ['one', 'two']) {
      writeFiles(join(folder, name), { 'src/lib.rs': `pub fn anchor_${name}() {}\n` });
      git(join(folder, name), 'init', '-q');
    }
    const agent = await agentWith({ cwd: folder });
    const refused = errorOf(await agent.call('search', { query: 'anchor' }));
    const [, hint = ''] = refused.split('\n');
    expect(hint).toContain('Name a repository in "paths": ');
    for (const name of ['one', 'two']) expect(hint).toContain(join(folder, name));
    expect(await anchors(agent, { paths: ['two'] })).toEqual(['anchor_two']);
    expect(await anchors(agent, { paths: ['one', 'two'] })).toEqual(['anchor_one', 'anchor_two']);
  });

  test('a folder without Rust is said, or left to the others', async () => {
    const empty = freshFolder('empty');
    mkdirSync(join(empty, 'docs'));
    writeFileSync(join(empty, 'docs/read.md'), '# Nothing\n');
    const agent = await agentWith({ cwd: empty });
    expect(errorOf(await agent.call('search', { query: 'anchor' }))).toContain(
      `there is no Rust file in ${empty} itself`,
    );
    const both = await agentWith({ cwd: empty, args: ['--root', empty, crate('beside')] });
    const result = await both.call('search', { query: 'anchor' });
    expect(textOf(result)).toContain('anchor_beside');
  });
});
