import { describe, expect, test } from 'vitest';
import { forecast } from '../../../src/pipeline/paid/forecast.ts';
import type { Order } from '../../../src/pipeline/paid/orders.ts';
import type { Quote } from '../../../src/pipeline/paid/quote.ts';
import { rowsOf, secondsFor, sumOf } from '../../../src/pipeline/paid/quote.ts';
import type { Priority } from '../../../src/pipeline/paid/order.ts';

const NOW = new Date(2026, 2, 10, 12);
const NOTHING = { run: 0, day: 0, week: 0, month: 0 };
const caps = (run: number, day = 1e6, week = 1e6, month = 1e6) => ({ run, day, week, month });

/** A request of items of these sizes, each of the priority beside it, that costs 10 and at worst 20. */
function request(
  kind: Order['kind'] = 'edit',
  items: readonly (readonly [bytes: number, priority: Priority])[] = [[100, 'normal']],
  changes: Partial<Quote> = {},
): Quote {
  const units = items.map(([bytes], at) => {
    const place = { path: `f${at}`, kind: 'fn', start: 0, end: bytes, test: false } as const;
    return { id: at + 1, file: `f${at}.rs`, key: `${at}`, unit: { ...place, hash: '', context: '', bytes } };
  });
  const pack = { units, bytes: 0, tokens: 0, completionCap: 0 };
  const order = { pack, kind, priorities: items.map(([, priority]) => priority) };
  return { order, inputTokens: 100, outputTokens: 60, expected: 10, worst: 20, ...changes };
}

describe('what one run would buy', () => {
  test('everything, where it fits', () => {
    const done = forecast([request(), request()], { caps: caps(100), spent: NOTHING, now: NOW });
    expect(done?.thisRun).toEqual({
      ...{ requests: 2, items: 2, ticks: 20, usd: 2e-9 },
      ...{ stoppedBy: null, days: 0, doneOn: '2026-03-10' },
    });
    expect(done?.spent).toEqual({ run: 20, day: 20, week: 20, month: 20 });
  });

  test('until the worst case of the next request does not fit a cap, the tightest of which is named', () => {
    const three = [request(), request(), request()];
    const run = forecast(three, { caps: caps(35), spent: NOTHING, now: NOW });
    expect(run?.thisRun).toMatchObject({ requests: 2, stoppedBy: 'run' });
    const month = forecast(three, {
      caps: caps(1e6, 1e6, 1e6, 45),
      spent: { ...NOTHING, month: 20 },
      now: NOW,
    });
    expect(month?.thisRun).toMatchObject({ requests: 1, stoppedBy: 'month' });
  });

  test('of a backlog the day’s portion, with the day on which all of it is bought', () => {
    const backlog = Array.from({ length: 60 }, () => request('backlog'));
    const done = forecast(backlog, { caps: caps(1000, 1000, 1000, 1000), spent: NOTHING, now: NOW });
    expect(done?.thisRun.stoppedBy).toBe('portion');
    expect(done?.thisRun.requests).toBeLessThan(60);
    expect(done?.thisRun.days).toBeGreaterThan(0);
    expect((done?.thisRun.doneOn ?? '') > '2026-03-10').toBe(true);
    const edits = backlog.map((quote) => ({ ...quote, order: { ...quote.order, kind: 'edit' as const } }));
    const all = forecast(edits, { caps: caps(1000, 1000, 1000, 1000), spent: NOTHING, now: NOW });
    expect(all?.thisRun).toMatchObject({ requests: 60, stoppedBy: null });
  });

  test('never, where a request is above a cap at its worst', () => {
    const done = forecast([request()], { caps: caps(15), spent: NOTHING, now: NOW });
    expect(done?.thisRun).toMatchObject({ requests: 0, stoppedBy: 'run', days: null, doneOn: null });
  });

  test('nothing is known where a price is not', () => {
    const unknown = request('edit', undefined, { expected: null, worst: null });
    expect(forecast([request(), unknown], { caps: caps(100), spent: NOTHING, now: NOW })).toBeNull();
    expect(sumOf([request(), unknown], 'worst')).toBeNull();
    expect(sumOf([], 'worst')).toBe(0);
  });
});

describe('rows', () => {
  test('share a request’s numbers out over its items by their bytes, and add up', () => {
    const quotes = [
      request(
        'edit',
        [
          [50, 'high'],
          [50, 'critical'],
          [33, 'high'],
        ],
        { inputTokens: 101, expected: 1001 },
      ),
      request('backlog', [[10, 'low']], { inputTokens: 7, expected: 3 }),
    ];
    const rows = rowsOf(quotes);
    expect(rows.map(({ name, files, items }) => [name, files, items])).toEqual([
      ['critical', 1, 1],
      ['changed', 2, 2],
      ['low', 1, 1],
    ]);
    expect(rows.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(108);
    expect(rows.reduce((sum, { ticks }) => sum + (ticks ?? 0), 0)).toBe(1004);
    expect(rows[0]?.tokens).toBe(38);
  });

  test('have no price where one of their requests has none', () => {
    const [row] = rowsOf([request(), request('edit', undefined, { expected: null })]);
    expect(row).toMatchObject({ items: 2, ticks: null, usd: null });
  });
});

test('time: the pace allowed, or the answers, whichever is slower', () => {
  const twenty = Array.from({ length: 20 }, () => request());
  expect(secondsFor(twenty, { requestsPerMinute: 60, burst: 10, concurrency: 4 })).toBe(20);
  expect(secondsFor(twenty, { requestsPerMinute: 10, burst: 10, concurrency: 4 })).toBe(60);
  expect(secondsFor([], { requestsPerMinute: 60, burst: 10, concurrency: 4 })).toBe(0);
});
