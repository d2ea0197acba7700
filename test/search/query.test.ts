import { describe, expect, it } from 'vitest';
import { readQuery } from '../../src/search/query.ts';
import { newSplitter } from '../../src/search/words.ts';

const read = (text: string) => readQuery(newSplitter(), text);

describe('readQuery', () => {
  it('takes each term once, in order', () => {
    expect(read('open the pool, then open the file').terms).toEqual(['open', 'pool', 'file']);
  });
  it.each([
    ['acquire', 'acquire'],
    ['Pool::acquire', 'Pool acquire'],
    ['pool.acquire()', 'pool acquire'],
    ['vec!', 'vec'],
    [' r#type ', null],
    ['acquire a pool', null],
    ['a+b', null],
    ['', null],
  ])('reads %j as a symbol', (text, symbol) => expect(read(text).symbol?.join(' ') ?? null).toBe(symbol));
  it.each([
    ['unit tests of the pool', true],
    ['fuzz_target', true],
    ['benchmarks', true],
    ['an example of a server', true],
    ['latest contest', false],
  ])('%s asks for tests: %s', (text, wanted) => expect(read(text).wantsTests).toBe(wanted));
});
