import { describe, expect, it } from 'vitest';
import { interval, mean, pairedInterval } from '../../../scripts/eval-search/bootstrap.ts';
import { hit, measure, ndcg, reciprocalRank } from '../../../scripts/eval-search/metrics.ts';
import { difference, figure, table } from '../../../scripts/eval-search/report.ts';
import { newRandom, sample } from '../../../scripts/eval-search/sample.ts';

const [no, yes] = [false, true];

describe('the measures of a list', () => {
  it('one over the first place, up to the depth', () => {
    expect(reciprocalRank([no, yes, yes])).toBe(0.5);
    expect(reciprocalRank([no, no, yes], 2)).toBe(0);
    expect(reciprocalRank([])).toBe(0);
  });
  it('gain over the best that can be reached', () => {
    expect(ndcg([yes, no, no], 1)).toBe(1);
    expect(ndcg([no, yes], 1)).toBeCloseTo(1 / Math.log2(3));
    expect(ndcg([yes, no, yes], 2)).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3)));
    expect(ndcg([no], 0)).toBe(0);
  });
  it('hits', () => {
    expect([1, 2, 3].map((depth) => hit([no, yes], depth))).toEqual([0, 1, 1]);
    expect(measure([no, no, yes], 1)).toMatchObject({ hit1: 0, hit5: 1, hit10: 1 });
  });
});

describe('intervals', () => {
  const values = Array.from({ length: 400 }, (_, at) => at % 2);
  it('hold the mean, about two standard errors wide on each side', () => {
    const { mean: middle, low, high } = interval(values, newRandom(1));
    expect(middle).toBe(0.5);
    expect(middle - low).toBeCloseTo(1.96 * (0.5 / 20), 1);
    expect(high - middle).toBeCloseTo(1.96 * (0.5 / 20), 1);
  });
  it('of differences are those of pairs: a shift shared by all queries is certain', () => {
    const shifted = values.map((value) => value + 0.25);
    expect(pairedInterval(shifted, values, newRandom(1))).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    expect(() => pairedInterval([1], [], newRandom(1))).toThrow('same queries');
  });
  it('are the same for the same seed', () => {
    expect(interval(values, newRandom(3))).toEqual(interval(values, newRandom(3)));
  });
});

describe('sample', () => {
  const values = Array.from({ length: 100 }, (_, at) => at);
  it('takes so many, each once, in order, by its seed', () => {
    const taken = sample(values, 10, newRandom(7));
    expect(new Set(taken).size).toBe(10);
    expect([...taken].sort((a, b) => a - b)).toEqual(taken);
    expect(sample(values, 10, newRandom(7))).toEqual(taken);
    expect(sample(values, 10, newRandom(8))).not.toEqual(taken);
  });
  it('takes all where there are fewer', () => expect(sample(values, 1000, newRandom(1))).toEqual(values));
  it('favours no place', () => {
    const random = newRandom(5);
    const taken = Array.from({ length: 300 }, () => sample(values, 10, random)).flat();
    expect(Math.abs(mean(taken) - 49.5)).toBeLessThan(3);
  });
});

it('figures are short, and what is certain is bold', () => {
  expect(figure({ mean: 0.5123, low: 0.49, high: 0.53 })).toBe('.512 ±.022');
  expect(difference({ mean: -0.02, low: -0.03, high: -0.01 })).toBe('**−.020 [−.030, −.010]**');
  expect(difference({ mean: 0.01, low: -0.01, high: 0.03 })).toBe('+.010 [−.010, +.030]');
  expect(table(['a', 'b'], [[1, 2]])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
});
