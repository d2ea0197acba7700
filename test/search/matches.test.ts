import { expect, test } from 'vitest';
import { matchingLines, matchingWords } from '../../src/search/matches.ts';
import { newSplitter } from '../../src/search/words.ts';

const split = newSplitter();

test('the lines that say most, in their order', () => {
  const text = 'fn retry() {\n    wait();\n    retry_with_backoff(backoff);\n    backoff();\n}';
  const lines = (limit: number) =>
    matchingLines(split, text, split('retry backoff'), limit).map(({ line }) => line);
  expect(lines(1)).toEqual([2]);
  expect(lines(2)).toEqual([0, 2]);
  expect(lines(9)).toEqual([0, 2, 3]);
});

test('words in any form and as parts of identifiers', () => {
  const line = 'let retries = retryPolicy.retrying(x);';
  const words = matchingWords(split, line, split('retry')).map(([from, to]) => line.slice(from, to));
  expect(words).toEqual(['retries', 'retryPolicy', 'retrying']);
});
