import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openGlobal } from '../../src/store/global.ts';
import { openLayout } from '../../src/store/layout.ts';
import { child, temporary } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

test('tracked repositories are listed by path, each once', async () => {
  const global = await openGlobal(openLayout(temporary()));
  expect(global.track({ id: '1', path: '/b' }, NOW)).toBe(true);
  expect(global.track({ id: '2', path: '/a' }, NOW + 1)).toBe(true);
  expect(global.track({ id: '1', path: '/b' }, NOW + 2)).toBe(false);
  expect(global.tracked()).toEqual([
    { id: '2', path: '/a', addedAt: NOW + 1 },
    { id: '1', path: '/b', addedAt: NOW },
  ]);
  expect(global.untrack('1')).toBe(true);
  expect(global.untrack('1')).toBe(false);
  expect(global.tracked().map(({ id }) => id)).toEqual(['2']);
  global.close();
});

test('a lease is one’s at a time, until it is given back', async () => {
  const layout = openLayout(temporary());
  const [one, two] = [await openGlobal(layout), await openGlobal(layout)];
  const lease = one.takeLease('prune', NOW);
  expect(lease).not.toBeNull();
  expect(two.takeLease('prune', NOW)).toBeNull();
  expect(two.takeLease('other', NOW)).not.toBeNull();
  lease?.release();
  expect(two.takeLease('prune', NOW)).not.toBeNull();
  one.close();
  two.close();
});

test('a process that was killed gives up its lease by that', async () => {
  const home = temporary();
  const global = await openGlobal(openLayout(home));
  const holder = child('lease', home, 'prune');
  await once(holder.stdout, 'data');
  expect(global.takeLease('prune', Date.now())).toBeNull();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(global.takeLease('prune', Date.now())).not.toBeNull();
  global.close();
});
