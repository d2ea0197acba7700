import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { discoverRoot, repoId } from '../../src/repo/root.ts';
import { sha256 } from '../../src/util/hash.ts';
import { commitAll, git, gitInit, scratch } from './support.ts';

function failure(path: string): UserError {
  try {
    discoverRoot(path);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('discoverRoot', () => {
  it('finds the git work tree from a folder and a file inside it', () => {
    const root = gitInit(scratch({ 'crates/a/src/lib.rs': '', 'Cargo.toml': '[workspace]\n' }));
    const git = {
      root,
      kind: 'git',
      gitDir: join(root, '.git'),
      gitCommonDir: join(root, '.git'),
      notices: [],
    };
    expect(discoverRoot(root)).toEqual({ ...git, prefix: '' });
    expect(discoverRoot(join(root, 'crates/a'))).toEqual({ ...git, prefix: 'crates/a' });
    expect(discoverRoot(join(root, 'crates/a/src/lib.rs'))).toEqual({
      ...git,
      prefix: 'crates/a/src/lib.rs',
    });
  });

  it('knows the directories of a linked work tree', () => {
    const main = gitInit(scratch({ 'a.rs': '' }));
    commitAll(main);
    const linked = join(scratch(), 'linked');
    git(main, 'worktree', 'add', '-q', linked);
    const found = discoverRoot(linked);
    expect(found).toMatchObject({
      root: realpathSync(linked),
      kind: 'git',
      gitCommonDir: join(main, '.git'),
    });
    expect(found.gitDir).toBe(join(main, '.git/worktrees/linked'));
  });

  it('takes a submodule for a repository of its own', () => {
    const inner = gitInit(scratch({ 'src/lib.rs': '' }));
    commitAll(inner);
    const outer = gitInit(scratch({ 'a.rs': '' }));
    git(outer, 'submodule', 'add', '-q', inner, 'vendor/inner');
    const found = discoverRoot(join(outer, 'vendor/inner/src'));
    expect(found).toMatchObject({ root: join(outer, 'vendor/inner'), kind: 'git', prefix: 'src' });
    expect(found.gitCommonDir).toBe(join(outer, '.git/modules/vendor/inner'));
  });

  it('finds the outermost Cargo workspace without git, else the nearest package', () => {
    const workspace = '[workspace]\nmembers = ["crates/*"]\n';
    const outer = scratch({
      'Cargo.toml': workspace,
      'crates/a/Cargo.toml': '[package]\nname = "a"\n',
      'crates/a/src/lib.rs': '',
    });
    expect(discoverRoot(join(outer, 'crates/a/src'))).toMatchObject({
      ...{ root: outer, kind: 'cargo', prefix: 'crates/a/src', gitDir: null, gitCommonDir: null },
    });
    const alone = scratch({ 'Cargo.toml': '[package]\nname = "a"\n', 'src/lib.rs': '' });
    expect(discoverRoot(join(alone, 'src'))).toMatchObject({ root: alone, kind: 'cargo', prefix: 'src' });
  });

  it('falls back to the argument, and to the directory of a file', () => {
    const root = scratch({ 'one two/x.rs': '' });
    expect(discoverRoot(join(root, 'one two'))).toMatchObject({ root: join(root, 'one two'), prefix: '' });
    expect(discoverRoot(join(root, 'one two/x.rs'))).toMatchObject({
      ...{ root: join(root, 'one two'), kind: 'argument', prefix: 'x.rs' },
    });
  });

  it('resolves links, so that one repository has one id', () => {
    const root = gitInit(scratch({ 'src/lib.rs': '' }));
    const link = join(scratch(), 'link');
    symlinkSync(root, link);
    expect(discoverRoot(link).root).toBe(root);
    expect(repoId(discoverRoot(join(link, 'src')))).toBe(sha256(root));
  });

  it('names a path that does not exist', () => {
    const error = failure('/nowhere/at all');
    expect(error.code).toBe('path-not-found');
    expect(error.message).toBe('/nowhere/at all does not exist');
    expect(error.hint).not.toBe('');
    expect(failure(join(scratch({ file: '' }), 'file/below')).code).toBe('path-not-found');
  });

  it('refuses what is neither a directory nor a file', () => {
    expect(failure('/dev/null').code).toBe('path-unusable');
    const loop = join(scratch(), 'loop');
    symlinkSync(loop, loop);
    expect(failure(loop).code).toBe('path-unusable');
  });

  it.each([
    [
      'a work tree whose repository is gone',
      (root: string) => writeFileSync(join(root, '.git'), 'gitdir: /gone\n'),
    ],
    ['a .git file that names nothing', (root: string) => writeFileSync(join(root, '.git'), 'hello\n')],
    [
      'a .git directory without HEAD',
      (root: string) => mkdirSync(join(root, '.git/objects'), { recursive: true }),
    ],
  ])('says so, and reads the files, in %s', (_name, breakGit) => {
    const root = scratch({ 'src/lib.rs': '' });
    breakGit(root);
    const found = discoverRoot(join(root, 'src'));
    expect(found).toMatchObject({ root, kind: 'git', prefix: 'src', gitDir: null });
    expect(found.notices.map((notice) => notice.code)).toEqual(['git-broken']);
  });

  it('passes by an empty .git directory, as git does', () => {
    const outer = gitInit(scratch({ 'inner/a.rs': '' }));
    mkdirSync(join(outer, 'inner/.git'));
    expect(discoverRoot(join(outer, 'inner'))).toMatchObject({ root: outer, prefix: 'inner' });
  });
});
