import { describe, expect, test } from 'vitest';
import { isRacy } from '../../src/cache/freshness.ts';

describe('a stamp is racy', () => {
  test.each([
    ['long before the sync', 1_000, 5_000, 10, false],
    ['just outside the granularity', 4_989, 5_000, 10, false],
    ['within the granularity', 4_990, 5_000, 10, true],
    ['while the sync ran', 5_001, 5_000, 10, true],
    ['in the future', 9_999, 5_000, 10, true],
    ['whole seconds', 3_000, 5_000, 2_000, true],
  ])('%s', (_, modified, start, granularity, expected) => {
    expect(isRacy(modified, start, granularity)).toBe(expected);
  });
});
