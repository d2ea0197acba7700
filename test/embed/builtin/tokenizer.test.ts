import { expect, test } from 'vitest';
import { newTokenizer } from '../../../src/embed/builtin/tokenizer.ts';

const tokenizer = newTokenizer(
  new Map(['file', 'name', 'names', 'pars', 'io', 'filesystem'].map((word, row) => [word, row])),
);

function rows(text: string, limit = 100): number[] {
  const found: number[] = [];
  tokenizer(text, limit, (row) => found.push(row));
  return found;
}

test('a known word is its row, in any capitals', () =>
  expect(rows('file IO Names file')).toEqual([0, 4, 2, 0]));

test('an unknown one is cut into the longest words that are known, from its front', () => {
  expect(rows('filename')).toEqual([0, 1]);
  expect(rows('filenames')).toEqual([0, 2]);
  expect(rows('filesystems')).toEqual([5]);
  expect(rows('xxparser')).toEqual([3]);
});

test('what has no known part is nothing, also in a word that is too short to be cut', () =>
  expect(rows('zzz iox qq')).toEqual([]));

test('a word gives the same the second time', () => expect(rows('filename filename')).toEqual([0, 1, 0, 1]));
