import { chmodSync, existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { layoutOf, openLayout } from '../../src/store/layout.ts';
import { temporary } from './support.ts';

test('directories are made, and are the user’s alone', () => {
  const home = join(temporary(), 'new', '.rustassistant');
  const layout = openLayout(home);
  expect(layout).toEqual(layoutOf(home));
  for (const path of [home, layout.cache, layout.repositories])
    expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(existsSync(layout.models)).toBe(false);
  expect(openLayout(home)).toEqual(layout);
});

test('an existing home keeps what the user gave it', () => {
  const home = temporary();
  chmodSync(home, 0o750);
  openLayout(home);
  expect(statSync(home).mode & 0o777).toBe(0o750);
});

test('a network file system is refused before anything is made, with the way out', () => {
  const home = join(temporary(), 'home');
  const open = () => openLayout(home, () => ({ kind: 'network', name: 'NFS' }));
  expect(open).toThrow(UserError);
  expect(open).toThrow(
    expect.objectContaining({
      code: 'network-filesystem',
      message: expect.stringContaining('NFS'),
      hint: expect.stringContaining('RUSTASSISTANT_HOME'),
    }),
  );
  expect(existsSync(home)).toBe(false);
});

test('a cache that is a link to another disk is looked at there', () => {
  const home = temporary();
  const elsewhere = temporary();
  symlinkSync(elsewhere, join(home, 'cache'));
  const plain = openLayout(home, (path) =>
    path === elsewhere ? { kind: 'plain', name: 'FAT' } : { kind: 'local', name: '' },
  );
  expect(plain.rollbackJournal).toBe(true);
  expect(openLayout(home).rollbackJournal).toBe(false);
});

test('a home that cannot be made is the user’s to mend', () => {
  const file = join(temporary(), 'file');
  writeFileSync(file, '');
  expect(() => openLayout(join(file, 'home'))).toThrow(expect.objectContaining({ code: 'home-unusable' }));
});
