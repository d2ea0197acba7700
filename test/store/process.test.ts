import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isDead, markOf } from '../../src/store/process.ts';

const NOW = Date.UTC(2026, 0, 1);

test('this process lives, and so does another one until it ends', async () => {
  expect(isDead(markOf(), NOW, NOW)).toBe(false);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const mark = markOf(child.pid);
  expect(isDead(mark, NOW, NOW)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isDead(mark, NOW, NOW)).toBe(true);
});

test('a number given away again is not the process that had it', () => {
  const mark = markOf();
  expect(isDead({ ...mark, started: `${Number(mark.started) - 1}` }, NOW, NOW)).toBe(true);
});

test('nothing outlives a reboot', () => {
  expect(isDead({ ...markOf(), boot: 'another' }, NOW, NOW)).toBe(true);
});

test('what cannot be seen from here is believed for an hour', () => {
  const mark = { ...markOf(), namespace: 'pid:[1]', pid: 999_999_999 };
  expect(isDead(mark, NOW, NOW + 59 * 60_000)).toBe(false);
  expect(isDead(mark, NOW, NOW + 61 * 60_000)).toBe(true);
});

test('without /proc the number alone decides', () => {
  const mark = { ...markOf(), started: '' };
  expect(isDead(mark, NOW, NOW)).toBe(false);
  expect(isDead({ ...mark, pid: 999_999_999 }, NOW, NOW)).toBe(true);
});
