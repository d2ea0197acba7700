import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitSettings } from '../../src/repo/git-config.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { commitAll, git, gitEnv, gitInit, paths, scratch, write } from './support.ts';

const NO_GIT = { PATH: '/nowhere', GIT_CONFIG_NOSYSTEM: 'true' };

async function excludesFile(files: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = NO_GIT) {
  const home = scratch(files);
  const settings = await gitSettings(discoverRoot(gitInit(scratch())), { HOME: home, ...env });
  expect(settings.notices).toEqual([]);
  return settings.excludesFile?.replace(home, '<home>') ?? null;
}

describe('the global excludes file', () => {
  it('has a default, which XDG_CONFIG_HOME moves', async () => {
    expect(await excludesFile({})).toBe('<home>/.config/git/ignore');
    expect(await excludesFile({}, { ...NO_GIT, XDG_CONFIG_HOME: '/xdg' })).toBe('/xdg/git/ignore');
    expect((await gitSettings(discoverRoot(scratch()), NO_GIT)).excludesFile).toBe(null);
  });

  it.each([
    ['[core]\n\texcludesFile = ~/mine\n', '<home>/mine'],
    ['[CORE]\nEXCLUDESFILE=~/mine', '<home>/mine'],
    ['[core] excludesfile = "/a b/#c" ; why\n', '/a b/#c'],
    ['[core]\nexcludesfile = /a\\\\b # why\n', '/a\\b'],
    ['[core]\nexcludesfile = /one/\\\ntwo\n', '/one/two'],
    ['[core]\nexcludesfile = /first\n[user]\nexcludesfile = /no\n[core]\nexcludesfile = /last\n', '/last'],
    ['[core "sub"]\nexcludesfile = /no\n', '<home>/.config/git/ignore'],
    ['[core]\r\n\texcludesfile = /crlf\r\n', '/crlf'],
    ['[core]\nexcludesfile =\n', null],
  ])('is read from %j, as git reads it', async (config, expected) => {
    expect(await excludesFile({ '.gitconfig': config })).toBe(expected);
    const home = scratch({ '.gitconfig': config });
    const query = ['config', '--type=path', '--get', 'core.excludesFile'];
    const run = () => execFileSync('git', query, { cwd: home, env: gitEnv(home), encoding: 'utf8' });
    if (expected?.includes('.config') !== true)
      expect(run().trim().replace(home, '<home>')).toBe(expected ?? '');
  });

  it('is the strongest of those that the user, the repository and the work tree name', async () => {
    const home = scratch({ '.config/git/config': '[core]\nexcludesfile = /xdg\n' });
    const root = gitInit(scratch({ 'a.rs': '' }));
    commitAll(root);
    const read = async () => (await gitSettings(discoverRoot(root), { HOME: home, ...NO_GIT })).excludesFile;
    expect(await read()).toBe('/xdg');
    write(home, { '.gitconfig': '[core]\nexcludesfile = /home\n' });
    expect(await read()).toBe('/home');
    git(root, 'config', 'core.excludesFile', 'relative');
    expect(await read()).toBe(join(root, 'relative'));
  });

  it('leaves its files out of the walk', async () => {
    const root = gitInit(scratch({ 'a.rs': '', 'b.rs': '' }));
    const home = scratch({ '.config/git/ignore': 'b.rs\n' });
    const settings = await gitSettings(discoverRoot(root), { HOME: home, ...NO_GIT });
    expect(await paths(root, { gitExcludesFile: settings.excludesFile })).toEqual(['a.rs']);
  });
});

it('knows whether git folds case', async () => {
  const root = gitInit(scratch());
  const read = async () => (await gitSettings(discoverRoot(root), { HOME: scratch(), ...NO_GIT })).ignoreCase;
  expect(await read()).toBe(false);
  git(root, 'config', 'core.ignoreCase', 'true');
  expect(await read()).toBe(true);
  write(root, { '.git/config': '[core]\n\tignorecase\n' });
  expect(await read()).toBe(true);
});

it('asks git itself about included files, and says where that fails', async () => {
  const home = scratch({
    '.gitconfig': '[core]\nexcludesfile = /outer\n[include]\npath = more\n',
    more: '[core]\nexcludesfile = /inner\n',
  });
  const root = discoverRoot(gitInit(scratch()));
  expect(await gitSettings(root, gitEnv(home))).toMatchObject({ excludesFile: '/inner', notices: [] });
  const failed = await gitSettings(root, { ...NO_GIT, HOME: home });
  expect(failed.excludesFile).toBe('/outer');
  expect(failed.notices.map(({ code }) => code)).toEqual(['git-config-unread']);
});
