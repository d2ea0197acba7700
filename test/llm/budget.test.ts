import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Amounts } from '../../src/llm/budget.ts';
import { CAP_NAMES, decide, ticksOfUsd, worstCaseTicks } from '../../src/llm/budget.ts';
import { OVERHEAD_TOKENS, estimateTokens, utf8Bytes } from '../../src/llm/tokens.ts';

const amounts = (run: number, day = run, week = day, month = week): Amounts => ({ run, day, week, month });
const NONE = amounts(0);

describe('a request', () => {
  test('that fits every cap is reserved, to the last tick', () => {
    const state = { caps: amounts(100), spent: amounts(60), open: amounts(30), reservation: 10 };
    expect(decide(state)).toEqual({ kind: 'reserve' });
  });

  test('that fits once running ones have settled waits', () => {
    const state = { caps: amounts(100), spent: amounts(60), open: amounts(31), reservation: 10 };
    expect(decide(state)).toEqual({ kind: 'wait' });
  });

  test('that fits in no case stops, and names the tightest cap', () => {
    const caps = amounts(100, 200, 300, 95);
    const state = { caps, spent: amounts(91, 91, 91, 91), open: NONE, reservation: 10 };
    expect(decide(state)).toEqual({ kind: 'stop', cap: 'month', left: 4 });
  });

  test('stops although others run, where one cap can never hold it', () => {
    const caps = amounts(100, 5);
    expect(decide({ caps, spent: NONE, open: amounts(100), reservation: 10 })).toMatchObject({ cap: 'day' });
  });

  test('that is free passes caps of 0', () => {
    expect(decide({ caps: NONE, spent: NONE, open: NONE, reservation: 0 })).toEqual({ kind: 'reserve' });
  });

  test('is reserved only where spent, open and itself stay within each cap', () => {
    const ticks = fc.integer({ min: 0, max: 1_000 });
    const window = fc.record({ run: ticks, day: ticks, week: ticks, month: ticks });
    fc.assert(
      fc.property(window, window, window, ticks, (caps, spent, open, reservation) => {
        const fits = CAP_NAMES.every((cap) => spent[cap] + open[cap] + reservation <= caps[cap]);
        expect(decide({ caps, spent, open, reservation }).kind === 'reserve').toBe(fits);
      }),
    );
  });
});

describe('the worst case', () => {
  const price = { input: 1.25, cachedInput: 0.2, output: 2.5, source: 'catalogue' } as const;

  test('takes every byte for a token and the whole completion cap', () => {
    const ticks = worstCaseTicks({ bytes: 1_000, maxCompletionTokens: 100, price });
    expect(ticks).toBe((1_000 + OVERHEAD_TOKENS) * 12_500 + 100 * 25_000);
  });

  test('is a whole number of ticks, and none for a free model', () => {
    const odd = { ...price, input: 0.1234567 };
    expect(Number.isInteger(worstCaseTicks({ bytes: 7, maxCompletionTokens: 3, price: odd }))).toBe(true);
    const free = { input: 0, cachedInput: 0, output: 0, source: 'config' } as const;
    expect(worstCaseTicks({ bytes: 10 ** 6, maxCompletionTokens: 10 ** 5, price: free })).toBe(0);
  });

  test('holds where cached input is the dearer', () => {
    const odd = { ...price, cachedInput: 5 };
    expect(worstCaseTicks({ bytes: 0, maxCompletionTokens: 0, price: odd })).toBe(OVERHEAD_TOKENS * 50_000);
  });
});

test('caps in USD become whole ticks', () => {
  expect([0.75, 3, 0.1 + 0.2, 1e-10, 0].map(ticksOfUsd)).toEqual([75e8, 3e10, 3e9, 1, 0]);
});

test('tokens are estimated from UTF-8 bytes', () => {
  expect(utf8Bytes('é🦀')).toBe(6);
  expect(estimateTokens(3_500)).toBe(1_000);
  expect(estimateTokens(1)).toBe(1);
});
