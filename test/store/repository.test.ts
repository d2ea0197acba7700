import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openLayout } from '../../src/store/layout.ts';
import { listRepositories, placeRepository, saveMeta } from '../../src/store/repository.ts';
import { sha256 } from '../../src/util/hash.ts';
import { temporary } from './support.ts';

const identity = (path: string, fullHash = sha256(path)) => ({ path, fullHash, gitCommonDir: null });

test('a directory by the first 8 digits, with who it belongs to', async () => {
  const layout = openLayout(temporary());
  const place = placeRepository(layout, { ...identity('/src/a'), gitCommonDir: '/src/a/.git' });
  expect(place.directory).toBe(join(layout.repositories, sha256('/src/a').slice(0, 8)));
  expect(statSync(place.directory).mode & 0o777).toBe(0o700);
  const file = join(place.directory, 'meta.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    path: '/src/a',
    fullHash: sha256('/src/a'),
    gitCommonDir: '/src/a/.git',
    schemaVersion: 1,
    lastSync: null,
  });
});

test('it is found again, and nothing is written where nothing is new', async () => {
  const layout = openLayout(temporary());
  const first = placeRepository(layout, identity('/src/a'));
  const synced = saveMeta(first, { lastSync: 5 });
  const file = join(first.directory, 'meta.json');
  const { ino, mtimeMs } = statSync(file);
  expect(placeRepository(layout, identity('/src/a'))).toEqual(synced);
  saveMeta(first, { lastSync: 5 });
  expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  expect(readdirSync(first.directory)).toEqual(['meta.json']);
  const moved = placeRepository(layout, { ...identity('/src/a'), gitCommonDir: '/elsewhere' });
  expect(moved.meta).toMatchObject({ gitCommonDir: '/elsewhere', lastSync: 5 });
});

test('a collision makes the name longer, for good', async () => {
  const layout = openLayout(temporary());
  const hash = (end: string) => `01234567${end.padEnd(56, '0')}`;
  const names = [];
  for (const end of ['a', 'ab', 'abc', 'b']) {
    const place = placeRepository(layout, identity(`/src/${end}`, hash(end)));
    names.push(basename(place.directory));
    expect(placeRepository(layout, identity(`/src/${end}`, hash(end))).directory).toBe(place.directory);
  }
  expect(names).toEqual(['01234567', '01234567a', '01234567ab', '01234567b']);
});

test('a directory whose meta.json is missing or damaged is taken over', async () => {
  const layout = openLayout(temporary());
  const directory = join(layout.repositories, sha256('/src/a').slice(0, 8));
  mkdirSync(directory);
  for (const damaged of ['', '{"path": 1}', 'null', '[]']) {
    writeFileSync(join(directory, 'meta.json'), damaged);
    const place = placeRepository(layout, identity('/src/a'));
    expect(place.directory).toBe(directory);
    expect(place.meta.path).toBe('/src/a');
  }
});

test('all of them are listed by path; what is none is passed over', async () => {
  const layout = openLayout(temporary());
  for (const path of ['/src/b', '/src/a']) placeRepository(layout, identity(path));
  mkdirSync(join(layout.repositories, 'stray'));
  writeFileSync(join(layout.repositories, 'file'), '');
  expect(listRepositories(layout).map(({ meta }) => meta.path)).toEqual(['/src/a', '/src/b']);
});
