import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBlame } from '../../src/repo/blame.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { git, gitEnv, gitInit, scratch, write } from './support.ts';

const DAYS = ['2020-01-01T00:00:00Z', '2021-06-01T00:00:00Z'] as const;

function commitAt(root: string, when: string): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'x', `--date=${when}`);
}

/** Two commits, and a line that is not committed. */
function history(): string {
  const root = gitInit(scratch({ 'a b.rs': 'one\n\ttwo\n' }));
  commitAt(root, DAYS[0]);
  write(root, { 'a b.rs': 'one\n\ttwo\nthree\n' });
  commitAt(root, DAYS[1]);
  write(root, { 'a b.rs': 'one\n\ttwo\nthree\nfour\n' });
  return root;
}

async function written(directory: string, lines: readonly number[], path = 'a b.rs') {
  const blame = await openBlame(discoverRoot(directory), { env: gitEnv(scratch()) });
  const times = await blame.linesOf(path, lines);
  return [...times].map(([line, at]) => [line, at === null ? null : new Date(at).toISOString().slice(0, 10)]);
}

test('lines know when they were written; what is not committed has no age', async () => {
  expect(await written(history(), [2, 3, 4, 2])).toEqual([
    [2, '2020-01-01'],
    [3, '2021-06-01'],
    [4, null],
  ]);
});

test('where a shallow clone’s history begins, nothing is known', async () => {
  const origin = history();
  const clone = join(scratch(), 'clone');
  git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, clone);
  expect(await written(clone, [1, 3])).toEqual([
    [1, null],
    [3, null],
  ]);
});

test('a file that git does not know, and one that is too short, are failures', async () => {
  const root = history();
  write(root, { 'new.rs': '' });
  await expect(written(root, [1], 'new.rs')).rejects.toMatchObject({ code: 'git-failed' });
  await expect(written(root, [99])).rejects.toMatchObject({ code: 'git-failed' });
});
