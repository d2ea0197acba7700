import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutBatches, inBatches } from '../../src/embed/batches.ts';

const limits = { maxTokens: 100, maxTexts: 4 };

describe('texts are cut into batches', () => {
  test.each([
    ['none', [], []],
    ['one', [7], [[0]]],
    ['one that is too long', [300], [[0]]],
    [
      'of like length',
      [50, 10, 50, 10],
      [
        [1, 3],
        [0, 2],
      ],
    ],
    ['by the longest, not by the sum', [10, 10, 40], [[0, 1], [2]]],
    ['no more than so many', [1, 1, 1, 1, 1], [[0, 1, 2, 3], [4]]],
  ])('%s', (_, lengths, expected) => {
    const small = { ...limits, maxTokens: 100 };
    expect(cutBatches(lengths, small)).toEqual(expected);
  });

  test('each text once, and no batch above its limits', () => {
    const tokens = fc.array(fc.nat(150), { maxLength: 60 });
    fc.assert(
      fc.property(tokens, (lengths) => {
        const batches = cutBatches(lengths, limits);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
        for (const batch of batches) {
          const longest = Math.max(...batch.map((index) => lengths[index] ?? 0));
          expect(batch.length === 1 || longest * batch.length <= limits.maxTokens).toBe(true);
          expect(batch.length).toBeLessThanOrEqual(limits.maxTexts);
        }
      }),
    );
  });

  test('results come in the order of the texts', async () => {
    const lengths = [9, 90, 3, 60, 3];
    const results = await inBatches(lengths, limits, (indices) =>
      Promise.resolve(indices.map((index) => -index)),
    );
    expect(results).toEqual([-0, -1, -2, -3, -4]);
  });
});
