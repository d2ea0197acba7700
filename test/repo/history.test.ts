import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExternalError, UserError } from '../../src/errors.ts';
import { changedSince, churn } from '../../src/repo/history.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { commitAll, git, gitEnv, gitInit, scratch, write } from './support.ts';

async function since(directory: string, ref: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const options = { env: { ...gitEnv(scratch()), ...env } };
  return [...(await changedSince(discoverRoot(directory), ref, options)).keys()].sort();
}

async function touched(directory: string, days = 30, env: NodeJS.ProcessEnv = {}) {
  const options = { days, env: { ...gitEnv(scratch()), ...env } };
  return Object.fromEntries(await churn(discoverRoot(directory), options));
}

async function failure(promise: Promise<unknown>): Promise<UserError | ExternalError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError || error instanceof ExternalError) return error;
  throw new Error(`unexpected: ${String(error)}`);
}

describe('changedSince', () => {
  it('has what was committed, staged, edited, added and deleted, Rust alone', async () => {
    const root = gitInit(
      scratch({ 'same.rs': '', 'c.rs': '', 's.rs': '', 'e.rs': '', 'd.rs': '', 'x.txt': '' }),
    );
    const base = commitAll(root);
    write(root, { 'c.rs': '1', 'sub dir/new\nline.rs': '', '.gitignore': 'ignored.rs\n' });
    commitAll(root);
    write(root, { 's.rs': '1', 'e.rs': '1', 'u é.rs': '', 'x.txt': '1', 'ignored.rs': '' });
    git(root, 'add', 's.rs');
    unlinkSync(join(root, 'd.rs'));
    const all = ['c.rs', 'd.rs', 'e.rs', 's.rs', 'sub dir/new\nline.rs', 'u é.rs'];
    expect(await since(root, base)).toEqual(all);
    expect(await since(root, 'HEAD')).toEqual(['d.rs', 'e.rs', 's.rs', 'u é.rs']);
  });

  it('counts from where the history left the branch', async () => {
    const root = gitInit(scratch({ 'a.rs': '', 'b.rs': '' }));
    commitAll(root);
    git(root, 'checkout', '-q', '-b', 'feature');
    write(root, { 'a.rs': '1' });
    commitAll(root);
    git(root, 'checkout', '-q', 'main');
    write(root, { 'b.rs': '1' });
    commitAll(root);
    git(root, 'checkout', '-q', 'feature');
    expect(await since(root, 'main')).toEqual(['a.rs']);
  });

  it('is not led astray by the variables of a hook', async () => {
    const other = gitInit(scratch({ 'other.rs': '' }));
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    write(root, { 'a.rs': '1' });
    const hook = { GIT_DIR: join(other, '.git'), GIT_INDEX_FILE: '/nowhere', GIT_WORK_TREE: other };
    expect(await since(root, 'HEAD', hook)).toEqual(['a.rs']);
  });

  it('names a commit that does not exist, whatever it looks like', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    for (const ref of ['nope', '--output=/tmp/x', 'HEAD~9', '']) {
      const error = await failure(since(root, ref));
      expect(error.code, ref).toBe('missing-history');
      expect(error.message).toContain(ref);
    }
  });

  it('sends nobody to a remote that there is not, and names the one that there is', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    const hint = async (): Promise<string> => (await failure(since(root, 'nope'))).hint;
    expect(await hint()).toBe('Give a commit, branch or tag that there is: git log --all --oneline');
    git(root, 'remote', 'add', 'upstream', 'https://example.invalid/x');
    expect(await hint()).toMatch(
      /^Run: git fetch upstream '\+refs\/heads\/\*:refs\/remotes\/upstream\/\*' and/,
    );
    git(root, 'remote', 'add', 'origin', 'https://example.invalid/x');
    expect(await hint()).toMatch(/^Run: git fetch origin /);
  });

  it('tells a shallow clone from a wrong name, and no repository from both', async () => {
    const origin = gitInit(scratch({ 'a.rs': '' }));
    commitAll(origin);
    commitAll(origin);
    const clone = join(scratch(), 'clone');
    git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, clone);
    const error = await failure(since(clone, 'HEAD~1'));
    expect(error).toMatchObject({ code: 'missing-history' });
    expect(error.hint).toMatch(/--unshallow/);
    const outside = await failure(since(scratch({ 'a.rs': '' }), 'HEAD'));
    expect(outside).toMatchObject({ name: 'UserError', code: 'missing-history' });
  });

  it('says that two histories have nothing in common', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    git(root, 'checkout', '-q', '--orphan', 'other');
    commitAll(root, 'another beginning');
    expect((await failure(since(root, 'main'))).message).toMatch(/no common ancestor/);
  });
});

describe('churn', () => {
  it('counts the commits that touched a file, within the days, merges left out', async () => {
    const root = gitInit(scratch({ 'a.rs': '0', 'b c.rs': '0', 'x.txt': '0' }));
    git(root, 'add', '-A');
    git(root, '-c', 'user.name=x', 'commit', '-q', '-m', 'old', '--date=2020-01-01T00:00:00Z');
    execFileSync('git', ['commit', '-q', '--amend', '--no-edit', '--date=2020-01-01T00:00:00Z'], {
      cwd: root,
      env: { ...gitEnv('/nowhere'), GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z' },
    });
    expect(await touched(root)).toEqual({});
    write(root, { 'a.rs': '1', 'b c.rs': '1', 'x.txt': '1' });
    commitAll(root);
    git(root, 'checkout', '-q', '-b', 'side', 'HEAD~1');
    write(root, { 'a.rs': '1', 'new.rs': '' });
    commitAll(root);
    git(root, 'merge', '-q', '-m', 'merge', 'main');
    expect(await touched(root)).toEqual({ 'a.rs': 2, 'b c.rs': 1, 'new.rs': 1 });
  });

  it('is empty without commits and without git, and does not count the end of a shallow history', async () => {
    expect(await touched(gitInit(scratch({ 'a.rs': '' })))).toEqual({});
    expect(await touched(scratch({ 'a.rs': '' }))).toEqual({});
    const origin = gitInit(scratch({ 'a.rs': '', 'b.rs': '' }));
    commitAll(origin);
    write(origin, { 'b.rs': '1' });
    commitAll(origin);
    write(origin, { 'b.rs': '2' });
    commitAll(origin);
    const clone = join(scratch(), 'clone');
    git(origin, 'clone', '-q', '--depth=2', `file://${origin}`, clone);
    expect(await touched(clone)).toEqual({ 'b.rs': 1 });
  });
});

describe('a git that fails', () => {
  it('is named where it is missing', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    const error = await failure(touched(root, 30, { PATH: '/nowhere' }));
    expect(error).toMatchObject({ name: 'ExternalError', code: 'git-missing' });
  });

  it('is named where it refuses the owner of the repository', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    // Only root can give a directory away; git's own tests use the variable.
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '12345', root]);
    const error = await failure(touched(root, 30, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }));
    expect(error).toMatchObject({ name: 'ExternalError', code: 'git-dubious-ownership' });
    expect(error.hint).toContain(`safe.directory ${root}`);
    expect((await failure(since(root, 'HEAD'))).code).toBe(process.getuid?.() === 0 ? error.code : 'none');
  });

  it('is named where it does not answer', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    const bin = scratch({ git: '#!/bin/sh\nexec sleep 20\n' });
    chmodSync(join(bin, 'git'), 0o755);
    const env = { ...gitEnv(scratch()), PATH: `${bin}:${process.env['PATH']}` };
    const error = await failure(churn(discoverRoot(root), { days: 1, env, timeoutMs: 100 }));
    expect(error).toMatchObject({ code: 'git-timeout', message: 'git did not answer within 0.1 s' });
  });

  it('is named where the repository is broken', async () => {
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    writeFileSync(join(root, '.git/config'), '[core\n');
    expect((await failure(touched(root))).code).toBe('git-failed');
  });
});

it('runs nothing that the repository configures', async () => {
  const root = gitInit(scratch({ 'a.rs': '', '.gitattributes': '*.rs filter=evil diff=evil\n' }));
  const base = commitAll(root);
  const mark = join(scratch(), 'mark');
  const evil = join(scratch({ evil: `#!/bin/sh\necho "$0 $@" >> ${mark}\ncat\n` }), 'evil');
  chmodSync(evil, 0o755);
  const settings = ['filter.evil.clean', 'filter.evil.process', 'diff.external', 'diff.evil.command'];
  const more = [
    'diff.evil.textconv',
    'core.fsmonitor',
    'core.pager',
    'gpg.program',
    'pager.log',
    'pager.diff',
  ];
  write(root, { 'a.rs': 'fn a() {}' });
  // A commit with a signature, so that there is something to show.
  const lines = ["printf '\\n[GNUPG:] SIG_CREATED \\n' >&2", "echo '-----BEGIN PGP SIGNATURE-----'"];
  const sign = ['#!/bin/sh', 'cat > /dev/null', ...lines, ''].join('\n');
  const signer = join(scratch({ sign }), 'sign');
  chmodSync(signer, 0o755);
  git(root, '-c', `gpg.program=${signer}`, 'commit', '-q', '-a', '-S', '-m', 'signed');
  for (const setting of [...settings, ...more]) git(root, 'config', setting, evil);
  git(root, 'config', 'filter.evil.required', 'true');
  git(root, 'config', 'log.showSignature', 'true');
  symlinkSync(evil, join(root, '.git/hooks/post-index-change'));
  write(root, { 'a.rs': 'fn b() {}' });
  expect(await since(root, base)).toEqual(['a.rs']);
  expect(await touched(root)).toEqual({ 'a.rs': 2 });
  expect(existsSync(mark)).toBe(false);
  // The trap works: git left to itself falls into it.
  for (const trap of ['diff', 'log']) {
    spawnSync('git', [trap, '--stat'], { cwd: root, env: gitEnv(scratch()) });
    expect(existsSync(mark), trap).toBe(true);
    unlinkSync(mark);
  }
});
