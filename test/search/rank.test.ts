import { describe, expect, it } from 'vitest';
import { fileScores } from '../../src/search/file-scores.ts';
import { readQuery } from '../../src/search/query.ts';
import type { Candidate, Recipe } from '../../src/search/rank.ts';
import { RECIPE, bestPerFile, rank } from '../../src/search/rank.ts';
import { newSplitter } from '../../src/search/words.ts';

const OFF: Recipe = {
  fusion: 'linear',
  lambda: 0,
  least: -1,
  test: 1,
  fileName: 0,
  itemName: 0,
  file: 0,
  definition: 'off',
};
const split = newSplitter();

function candidate(path: string, more: Partial<Candidate> = {}): Candidate {
  const name = path.split('::').at(-1) ?? '';
  return { file: 'src/a.rs', name, path, test: false, keyword: 1, vector: null, fileScore: 0, ...more };
}

function order(query: string, recipe: Partial<Recipe>, ...candidates: Candidate[]): string[] {
  const ranked = rank(split, readQuery(split, query), candidates, { ...OFF, ...recipe });
  return ranked.map(({ candidate: { path, file } }) => `${file.slice(4, -3)} ${path}`);
}

describe('each rule alone', () => {
  const plain = candidate('plain', { keyword: 1.1 });
  it('none: the keyword score', () => {
    expect(order('open', {}, candidate('open'), plain)).toEqual(['a plain', 'a open']);
  });
  it('test code counts less, unless the query asks for it', () => {
    const test = candidate('checks', { test: true, keyword: 1.5 });
    expect(order('open', { test: 0.5 }, test, plain)).toEqual(['a plain', 'a checks']);
    expect(order('test of open', { test: 0.5 }, plain, test)).toEqual(['a checks', 'a plain']);
  });
  it("the file's name", () => {
    const other = candidate('other', { file: 'src/connection_pool/mod.rs' });
    expect(order('a pool of connections', { fileName: 0.4 }, plain, other)[0]).toBe(
      'connection_pool/mod other',
    );
  });
  it("the item's name, by its parts", () => {
    expect(order('take the next token', { itemName: 0.3 }, plain, candidate('next_token'))[0]).toBe(
      'a next_token',
    );
  });
  it('the whole file', () => {
    const other = candidate('other', { file: 'src/b.rs', fileScore: 3 });
    expect(order('open', { file: 0.2 }, plain, other)[0]).toBe('b other');
  });
  it('definitions: the whole path, then the name, then the name in other capitals', () => {
    const all = [candidate('other'), candidate('POOL'), candidate('net::Pool'), candidate('Pool')];
    const sorted = order('Pool', { definition: 'first' }, ...all);
    expect(sorted).toEqual(['a Pool', 'a net::Pool', 'a POOL', 'a other']);
    expect(order('net::Pool', { definition: 'first' }, ...all)[0]).toBe('a net::Pool');
    expect(order('a Pool of things', { definition: 'first' }, ...all)[0]).toBe('a other');
  });
});

describe('rank', () => {
  it('keeps the order of equals and takes nothing', () => {
    expect(order('x', RECIPE, candidate('b'), candidate('c'))).toEqual(['a b', 'a c']);
    expect(order('x', RECIPE)).toEqual([]);
  });
  it('leaves out what is far and holds no word, unless it is what is named', () => {
    const all = [
      candidate('near', { keyword: null, vector: 0.4 }),
      candidate('far', { keyword: null, vector: 0.3 }),
      candidate('worded', { vector: 0.1 }),
      candidate('Named', { keyword: null, vector: 0.1 }),
    ];
    const least = { lambda: 1, least: 0.35, definition: 'first' } as const;
    expect(order('Named', least, ...all)[0]).toBe('a Named');
    expect(order('x', least, ...all).sort()).toEqual(['a near', 'a worded']);
    expect(order('x', { ...least, least: -1 }, ...all)).toHaveLength(4);
  });
  it('finds a definition that no keyword found', () => {
    const from = candidate('From::from', { keyword: null });
    expect(order('from', RECIPE, candidate('other'), from)[0]).toBe('a From::from');
  });
});

it('bestPerFile keeps the first of each file', () => {
  const ranked = ['a', 'b', 'a'].map((file, at) => ({
    candidate: candidate(String(at), { file }),
    score: 9 - at,
  }));
  expect(bestPerFile(ranked).map(({ candidate: { path } }) => path)).toEqual(['0', '1']);
});

describe('fileScores', () => {
  it('prefers more terms to more chunks, and rare terms to common ones', () => {
    const rare = new Map([['a', 1]]);
    const common = new Map([
      ['a', 1],
      ['b', 9],
      ['c', 1],
    ]);
    const scores = fileScores([rare, common], 10);
    const order = [...scores].sort((one, other) => other[1] - one[1]).map(([file]) => file);
    expect(order).toEqual(['a', 'b', 'c']);
  });
});
