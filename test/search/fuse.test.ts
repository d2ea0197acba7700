import { describe, expect, it } from 'vitest';
import { linear, rrf } from '../../src/search/fuse.ts';

describe('linear', () => {
  it('is the share of the best keyword where there are no vectors', () => {
    expect(
      linear(
        [
          { keyword: 4, vector: null },
          { keyword: 2, vector: null },
          { keyword: null, vector: null },
        ],
        0.7,
      ),
    ).toEqual([1, 0.5, 0]);
  });
  it('centres cosines on their mean', () => {
    const scores = linear(
      [
        { keyword: null, vector: 0.9 },
        { keyword: null, vector: 0.8 },
        { keyword: 3, vector: 0.7 },
      ],
      0.5,
    );
    expect(scores[0]).toBeCloseTo(0.5);
    expect(scores[1]).toBeCloseTo(0);
    expect(scores[2]).toBeCloseTo(0.5);
  });
  it('takes nothing, and nothing but zeros', () => {
    expect(linear([], 1)).toEqual([]);
    expect(linear([{ keyword: 0, vector: 0 }], 1)).toEqual([0]);
  });
});

describe('rrf', () => {
  it('counts places, not scores', () => {
    const scores = rrf(
      [
        { keyword: 100, vector: 0.1 },
        { keyword: 1, vector: 0.2 },
        { keyword: null, vector: null },
      ],
      1,
    );
    expect(scores[0]).toBeCloseTo(1 + 61 / 62);
    expect(scores[1]).toBeCloseTo(1 + 61 / 62);
    expect(scores[2]).toBe(0);
  });
});
