import { expect, test } from 'vitest';
import { comparable } from '../../src/search/comparable.ts';

test('one index keeps its scores', () => {
  expect(comparable([{ chunks: 10, having: [3] }])).toEqual([1]);
  expect(comparable([])).toEqual([]);
});

test('where a term is common its scores are raised, where it is rare lowered', () => {
  const [common = 0, rare = 0] = comparable([
    { chunks: 1_000, having: [400] },
    { chunks: 1_000, having: [2] },
  ]);
  expect(common).toBeGreaterThan(1);
  expect(rare).toBeLessThan(1);
});

test('equal rarity changes nothing', () => {
  const factors = comparable([
    { chunks: 1_000, having: [10, 40] },
    { chunks: 1_000, having: [10, 40] },
  ]);
  for (const factor of factors) expect(factor).toBeCloseTo(1, 1);
});
