import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readUsage } from '../../src/llm/usage.ts';
import type { Price } from '../../src/types/answer.ts';
import type { UsageStyle } from '../support/llm-server/behaviour.ts';
import { billOf, usageObject } from '../support/llm-server/bill.ts';

const PRICE: Price = { input: 1.25, cachedInput: 0.2, output: 2.5, source: 'catalogue' };
const CONTEXT = { price: PRICE, reservedTicks: 10 ** 9, sentBytes: 3_500, receivedBytes: 350 };
const BILL = billOf(PRICE, 1_000, 400, 200);

function check(raw: unknown, context = CONTEXT) {
  const { usage, warnings } = readUsage(raw, context);
  return { ...usage, warnings: warnings.map((warning) => warning.kind) };
}

describe('the bill', () => {
  test('is what the server billed, where it says so', () => {
    expect(check(usageObject(BILL, 'xai'))).toEqual({
      ticks: 600 * 12_500 + 400 * 2_000 + 200 * 25_000,
      estimated: false,
      inputTokens: 1_000,
      cachedTokens: 400,
      outputTokens: 200,
      warnings: [],
    });
  });

  test('is computed from tokens otherwise, cached ones inside the prompt, and marked', () => {
    const read = check(usageObject(BILL, 'llama'));
    expect(read).toMatchObject({ ticks: BILL.ticks, estimated: true, warnings: [] });
  });

  test('of a free model is known to be nothing', () => {
    const free: Price = { input: 0, cachedInput: 0, output: 0, source: 'config' };
    expect(check(usageObject(BILL, 'llama'), { ...CONTEXT, price: free })).toMatchObject({
      ticks: 0,
      estimated: false,
    });
  });

  test('that nobody tells is the reservation', () => {
    const expected = { ticks: 10 ** 9, estimated: true, inputTokens: 1_000, outputTokens: 100 };
    for (const raw of [
      null,
      undefined,
      'free',
      [],
      {},
      { prompt_tokens: 'many' },
      usageObject(BILL, 'negative'),
    ]) {
      expect(check(raw)).toMatchObject({ ...expected, warnings: ['usage-missing'] });
    }
  });

  test('that differs from the price known here is believed, and said', () => {
    const dear = { ...usageObject(BILL, 'xai'), cost_in_usd_ticks: BILL.ticks * 2 };
    expect(check(dear)).toMatchObject({
      ticks: BILL.ticks * 2,
      warnings: ['cost-differs', 'cost-above-price'],
    });
    const cheap = { ...usageObject(BILL, 'xai'), cost_in_usd_ticks: Math.round(BILL.ticks * 0.97) };
    expect(check(cheap).warnings).toEqual(['cost-differs']);
    const close = { ...usageObject(BILL, 'xai'), cost_in_usd_ticks: Math.round(BILL.ticks * 1.01) };
    expect(check(close).warnings).toEqual([]);
  });

  test('above the reservation is said', () => {
    expect(check(usageObject(BILL, 'xai'), { ...CONTEXT, reservedTicks: 1 }).warnings).toEqual([
      'cost-above-reservation',
    ]);
  });

  test('takes an impossible number of cached tokens for none', () => {
    const read = check(usageObject(BILL, 'cached-above-prompt'));
    expect(read).toMatchObject({ cachedTokens: 0, warnings: ['cached-exceeds-prompt'] });
    expect(read.ticks).toBe(billOf(PRICE, 1_000, 0, 200).ticks);
  });
});

describe('reasoning tokens', () => {
  const uncached = billOf(PRICE, 1_000, 0, 200);
  test.each<[UsageStyle, number, string[]]>([
    ['reasoning-inside', 200, []],
    ['reasoning-outside', 200, []],
    ['reasoning-unclear', 300, ['reasoning-unclear']],
  ])('%s the completion', (style, outputTokens, warnings) => {
    expect(check(usageObject(uncached, style))).toMatchObject({ outputTokens, warnings });
  });

  test('that are more than the completion cannot be inside it', () => {
    const raw = {
      prompt_tokens: 100,
      completion_tokens: 10,
      total_tokens: 110,
      completion_tokens_details: { reasoning_tokens: 77 },
    };
    expect(check(raw)).toMatchObject({ outputTokens: 87, warnings: ['reasoning-unclear'] });
  });

  test('never make the bill cheaper than the dearer reading that fits', () => {
    const count = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(count, count, count, fc.option(count), (prompt, completion, reasoning, total) => {
        const raw = {
          prompt_tokens: prompt,
          completion_tokens: completion,
          total_tokens: total,
          completion_tokens_details: { reasoning_tokens: reasoning },
        };
        const read = check(raw);
        const inside = reasoning === 0 || (total === prompt + completion && reasoning <= completion);
        const beside = total === prompt + completion + reasoning;
        expect(read.outputTokens).toBe(inside && !beside ? completion : completion + reasoning);
      }),
    );
  });
});
