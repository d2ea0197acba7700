import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBlobs } from '../../src/repo/blobs.ts';
import { changedSince } from '../../src/repo/history.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { commitAll, git, gitEnv, gitInit, scratch, write } from './support.ts';

/** By path, what stood there at HEAD~1 of a repository or of a clone of it. */
async function before(directory: string, maxBytes = 1000): Promise<Record<string, string | undefined>> {
  const options = { env: gitEnv(scratch()) };
  const root = discoverRoot(directory);
  const changes = await changedSince(root, 'HEAD~1', options);
  const ids = [...changes.values()].filter((id) => id !== null);
  const blobs = new Map<string, string>();
  for await (const { id, content } of readBlobs(root, ids, { ...options, maxBytes }))
    blobs.set(id, content.toString('utf8'));
  return Object.fromEntries([...changes].map(([path, id]) => [path, blobs.get(id ?? '')]));
}

function history(): string {
  const root = gitInit(scratch({ 'a.rs': 'a\n\n', 'b\n.rs': 'é', 'c.rs': '', 'd.rs': 'd'.repeat(500) }));
  commitAll(root);
  write(root, { 'a.rs': 'a1', 'b\n.rs': 'b1', 'c.rs': 'c1', 'd.rs': 'd1', 'new.rs': '1' });
  commitAll(root);
  return root;
}

test('contents as they were, whatever is in them and whatever their files are called', async () => {
  const root = history();
  write(root, { 'untracked.rs': '' });
  expect(await before(root)).toEqual({
    'a.rs': 'a\n\n',
    'b\n.rs': 'é',
    'c.rs': '',
    'd.rs': 'd'.repeat(500),
    'new.rs': undefined,
    'untracked.rs': undefined,
  });
  expect((await before(root, 499))['d.rs']).toBeUndefined();
});

test('more than fits in one batch', async () => {
  const files = (fill: string) =>
    Object.fromEntries(['x', 'y', 'z'].map((name) => [`${name}.rs`, name + fill.repeat(7 * 2 ** 20)]));
  const root = gitInit(scratch(files('0')));
  commitAll(root);
  write(root, files('1'));
  commitAll(root);
  const found = await before(root, 2 ** 23);
  expect(Object.entries(found).map(([path, text]) => [path, text?.length, text?.slice(0, 2)])).toEqual([
    ['x.rs', 7 * 2 ** 20 + 1, 'x0'],
    ['y.rs', 7 * 2 ** 20 + 1, 'y0'],
    ['z.rs', 7 * 2 ** 20 + 1, 'z0'],
  ]);
});

test('a partial clone is told from a file that was not there, and mended by what is said', async () => {
  const root = history();
  git(root, 'config', 'uploadpack.allowFilter', 'true');
  const clone = join(scratch(), 'clone');
  git(root, 'clone', '-q', '--filter=blob:none', `file://${root}`, clone);
  const error = (await before(clone).catch((reason: unknown) => reason)) as { code: string; hint: string };
  expect(error).toMatchObject({ name: 'ExternalError', code: 'git-partial-clone' });
  const mend = /Run: git (.*)$/.exec(error.hint)?.[1] ?? '';
  git(clone, ...mend.split(' '));
  expect((await before(clone))['a.rs']).toBe('a\n\n');
});
