import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openGlobal } from '../../src/store/global.ts';
import { openLayout } from '../../src/store/layout.ts';
import { child, temporary } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

test('repositories are remembered, once a day', async () => {
  const global = await openGlobal(openLayout(temporary()));
  global.track({ id: '1', path: '/b' }, NOW);
  global.track({ id: '2', path: '/a' }, NOW);
  global.track({ id: '1', path: '/b' }, NOW + DAY / 2);
  global.track({ id: '2', path: '/a' }, NOW + 2 * DAY);
  expect(global.repositories()).toMatchObject([
    { id: '2', path: '/a', firstSeen: NOW, lastUsed: NOW + 2 * DAY },
    { id: '1', path: '/b', firstSeen: NOW, lastUsed: NOW },
  ]);
  global.forget('1');
  expect(global.repositories().map(({ id }) => id)).toEqual(['2']);
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
