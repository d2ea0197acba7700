import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { headCommit } from '../../src/repo/head.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { commitAll, git, gitEnv, gitInit, scratch, write } from './support.ts';

const head = (directory: string) => headCommit(discoverRoot(directory), { env: { PATH: '/nowhere' } });

it('reads a branch, a packed branch, a detached HEAD, without starting git', async () => {
  const root = gitInit(scratch({ 'a.rs': '' }));
  expect(await head(root)).toBe(null);
  const first = commitAll(root);
  expect(await head(root)).toBe(first);
  git(root, 'branch', 'main2');
  git(root, 'pack-refs', '--all');
  expect(await head(root)).toBe(first);
  write(root, { 'a.rs': 'fn a() {}' });
  const second = commitAll(root);
  expect(await head(root)).toBe(second);
  git(root, 'checkout', '-q', '--detach', first);
  expect(await head(root)).toBe(first);
});

it('reads the HEAD of a linked work tree and of a repository with sha256', async () => {
  const root = gitInit(scratch({ 'a.rs': '' }));
  const first = commitAll(root);
  const linked = join(scratch(), 'linked');
  git(root, 'worktree', 'add', '-q', '-b', 'feature/x', linked);
  commitAll(root, 'on main only');
  expect(await head(linked)).toBe(first);
  const large = scratch({ 'a.rs': '' });
  git(large, 'init', '-q', '--object-format=sha256');
  const id = commitAll(large);
  expect(id).toHaveLength(64);
  expect(await head(large)).toBe(id);
});

it('is null outside git, and follows a ref nowhere else', async () => {
  expect(await head(scratch({ 'a.rs': '' }))).toBe(null);
  const root = gitInit(scratch({ 'a.rs': '' }));
  commitAll(root);
  write(root, { elsewhere: 'a'.repeat(40) });
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/../../elsewhere\n');
  expect(await head(root)).toBe(null);
});

it('asks git where refs are kept in another format', async () => {
  const root = gitInit(scratch({ 'a.rs': '' }));
  const first = commitAll(root);
  // Stands for a reftable repository, which git of today can answer for and older ones cannot make.
  write(root, { '.git/reftable/tables.list': '' });
  const options = { env: gitEnv(scratch()) };
  expect(await headCommit(discoverRoot(root), options)).toBe(first);
  await expect(head(root)).rejects.toMatchObject({ code: 'git-missing' });
});
