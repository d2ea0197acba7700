import { completionExpected } from '../../lens/pack.ts';
import { catalogued, priceAt } from '../../llm/catalogue.ts';
import { estimateTokens } from '../../llm/tokens.ts';
import type { PlanRowReport } from '../../report/plan-model.ts';
import type { Price } from '../../types/answer.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';
import { expectedTicks, worstTicks } from './estimate.ts';
import type { Priority } from './order.ts';
import { PRIORITIES } from './order.ts';
import type { Order } from './orders.ts';

/** An order with its numbers; ticks are null where the price is unknown. */
export interface Quote {
  readonly order: Order;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly expected: number | null;
  readonly worst: number | null;
}

export interface QuoteOptions {
  readonly model: string;
  readonly baseUrl: string;
  readonly price: Price | null;
  /** UTF-8 bytes of what every request carries beside its items. */
  readonly promptBytes: number;
}

/** What each order is likely to cost, and at worst: as the run reckons before it sends. */
export function quote(orders: readonly Order[], options: QuoteOptions): Quote[] {
  const known = catalogued(options.model, options.baseUrl);
  const { price } = options;
  return orders.map((order) => {
    const { pack } = order;
    const own = price === null ? null : priceAt(price, known, pack.tokens);
    return {
      order,
      inputTokens: pack.tokens + estimateTokens(options.promptBytes),
      outputTokens: completionExpected(pack.completionCap),
      expected: own === null ? null : expectedTicks(pack, options, own),
      worst: own === null ? null : worstTicks(pack, options, own),
    };
  });
}

/** Sums that are unknown as soon as one part is. */
export function sumOf(quotes: readonly Quote[], field: 'expected' | 'worst'): number | null {
  let sum = 0;
  for (const { [field]: ticks } of quotes) {
    if (ticks === null) return null;
    sum += ticks;
  }
  return sum;
}

export function usdOf(ticks: number | null): number | null {
  return ticks === null ? null : ticks / TICKS_PER_USD;
}

/** The orders by priority: each request's numbers are shared out over its items by their bytes, and add up. */
export function rowsOf(quotes: readonly Quote[]): PlanRowReport[] {
  const sums = new Map<
    Priority,
    { files: Set<string>; items: number; tokens: number; ticks: number | null }
  >();
  for (const { order, inputTokens, expected } of quotes) {
    const { units } = order.pack;
    const weights = units.map(({ unit }) => unit.bytes);
    const tokens = shared(inputTokens, weights);
    const ticks = expected === null ? null : shared(expected, weights);
    units.forEach(({ file }, at) => {
      const name = order.priorities[at] ?? 'normal';
      const row = sums.get(name) ?? { files: new Set(), items: 0, tokens: 0, ticks: 0 };
      sums.set(name, row);
      row.files.add(file);
      row.items += 1;
      row.tokens += tokens[at] ?? 0;
      row.ticks = row.ticks === null || ticks === null ? null : row.ticks + (ticks[at] ?? 0);
    });
  }
  return PRIORITIES.flatMap((priority) => {
    const row = sums.get(priority);
    if (row === undefined) return [];
    const name = priority === 'high' ? ('changed' as const) : priority;
    return [{ name, ...row, files: row.files.size, usd: usdOf(row.ticks) }];
  });
}

/** A whole number over weights, in whole parts that add up to it. */
function shared(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let given = 0;
  return weights.map((own) => {
    weight += own;
    const upTo = all === 0 ? total : Math.round((total * weight) / all);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

/** Tokens a second of one answer, and seconds until its first: hosted models of the middle class, set by hand. */
const TOKENS_PER_SECOND = 60;
const FIRST_TOKEN_SECONDS = 3;

/** Roughly how long the requests take, seconds: the pace allowed, or the answers, whichever is slower. */
export function secondsFor(
  quotes: readonly Quote[],
  pace: { readonly requestsPerMinute: number; readonly burst: number; readonly concurrency: number },
): number {
  const waited = (Math.max(0, quotes.length - pace.burst) * 60) / pace.requestsPerMinute;
  const answering = quotes.reduce(
    (sum, { outputTokens }) => sum + FIRST_TOKEN_SECONDS + outputTokens / TOKENS_PER_SECOND,
    0,
  );
  return Math.ceil(Math.max(waited, answering / Math.min(pace.concurrency, Math.max(1, quotes.length))));
}
