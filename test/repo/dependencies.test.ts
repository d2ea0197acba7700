import { expect, test } from 'vitest';
import { lockedVersions, readPackageFacts } from '../../src/repo/dependencies.ts';
import { freshFolder, writeFiles } from '../support/cli.ts';

const manifest = (text: string): string => `[package]\nname = "x"\nversion = "0.1.0"\n${text}`;

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('deps');
  writeFiles(folder, files);
  return folder;
}

test('path dependencies, renamed ones, those of a target and those of the workspace', async () => {
  const root = folderOf({
    'Cargo.toml':
      '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\nshared = { path = "b" }\nlog = "1"\n',
    'a/Cargo.toml': manifest(`[dependencies]
near = { path = "../b/", package = "b" }
other = { package = "real-name", version = "1" }
shared.workspace = true
log.workspace = true
[target.'cfg(unix)'.dependencies]
libc = "0.2"
[dev-dependencies]
self-test = { path = "." }
`),
  });
  expect(await readPackageFacts(root, 'a/')).toEqual({
    base: 'a/',
    name: 'x',
    paths: [
      { base: 'b/', crate: 'near' },
      { base: 'b/', crate: 'shared' },
      { base: 'a/', crate: 'self-test' },
    ],
    crates: ['real-name', 'log', 'libc'],
  });
});

test('a path out of the root is none', async () => {
  const root = folderOf({
    'Cargo.toml': manifest('[dependencies]\nup = { path = "../../etc" }\nabs = { path = "/etc" }\n'),
  });
  expect((await readPackageFacts(root, ''))?.paths).toEqual([]);
});

test('no manifest, or a broken one, tells nothing', async () => {
  const root = folderOf({ 'a/Cargo.toml': '[package\n', 'b/Cargo.toml': 'dependencies = 3\n' });
  expect(await readPackageFacts(root, '')).toBeNull();
  expect(await readPackageFacts(root, 'a/')).toBeNull();
  expect(await readPackageFacts(root, 'b/')).toEqual({ base: 'b/', name: null, paths: [], crates: [] });
});

test('the nearest lock on the way up tells versions of what came from a registry', async () => {
  const lock = `[[package]]\nname = "log"\nversion = "0.4.1"\nsource = "registry+https://x"\n
[[package]]\nname = "own"\nversion = "1.0.0"\n`;
  const root = folderOf({ 'Cargo.lock': lock, 'a/b/Cargo.toml': manifest('') });
  expect(await lockedVersions(root, 'a/b/')).toEqual(new Map([['log', ['0.4.1']]]));
  expect(await lockedVersions(folderOf({ x: '' }), '')).toBeNull();
});
