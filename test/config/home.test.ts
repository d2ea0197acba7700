import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveHome } from '../../src/config/home.ts';
import { refusal } from './support.ts';

const own = join(userInfo().homedir, '.rustassistant');

it.each([
  [{ RUSTASSISTANT_HOME: '/srv/ra/', HOME: '/home/me' }, '/srv/ra'],
  [{ RUSTASSISTANT_HOME: '/srv/../srv/./ra' }, '/srv/ra'],
  [{ HOME: '/home/me' }, '/home/me/.rustassistant'],
  [{ HOME: '' }, own],
  [{ HOME: 'relative' }, own],
  [{}, own],
])('%j is %s', (env, home) => expect(resolveHome(env)).toBe(home));

it.each([
  ['', 'RUSTASSISTANT_HOME is empty'],
  ['  ', 'RUSTASSISTANT_HOME is empty'],
  ['data', 'RUSTASSISTANT_HOME is not an absolute path: "data"'],
  ['~/data', 'RUSTASSISTANT_HOME is not an absolute path: "~/data"'],
  ['/a\0b', 'RUSTASSISTANT_HOME is not an absolute path: "/a\\u0000b"'],
  ['/', 'RUSTASSISTANT_HOME is / itself'],
  ['/tmp/..', 'RUSTASSISTANT_HOME is / itself'],
])('%j is refused', async (home, message) =>
  expect(await refusal(() => resolveHome({ RUSTASSISTANT_HOME: home }))).toBe(
    `bad-home: ${message}\n> Give it the absolute path of a folder, or unset it to use ~/.rustassistant.`,
  ),
);
