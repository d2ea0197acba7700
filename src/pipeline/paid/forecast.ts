import type { Amounts, CapName } from '../../llm/budget.ts';
import { CAP_NAMES, decide, everywhere, NO_AMOUNTS, sum } from '../../llm/budget.ts';
import type { ThisRun } from '../../report/plan-model.ts';
import { localDay } from '../../store/ledger-windows.ts';
import { backlogPortion, daysToBuy } from './portion.ts';
import type { Quote } from './quote.ts';
import { usdOf } from './quote.ts';

export interface ForecastState {
  readonly caps: Amounts;
  /** Settled, given up and open. */
  readonly spent: Amounts;
  readonly now: Date;
}

export interface Forecast {
  readonly thisRun: ThisRun;
  /** What will be spent after it, if each request costs what is expected. */
  readonly spent: Amounts;
}

/**
 * What one run would buy, in the orders' order and by the run's own decisions (budget, portion), if each request
 * costs what is expected. Null where a price is unknown.
 */
export function forecast(quotes: readonly Quote[], { caps, spent, now }: ForecastState): Forecast | null {
  let used = spent;
  let ticks = 0;
  let requests = 0;
  let items = 0;
  let stoppedBy: CapName | 'portion' | null = null;
  const left: Quote[] = [];
  for (const quote of quotes) {
    const { order, expected, worst } = quote;
    if (expected === null || worst === null) return null;
    if (stoppedBy === null && order.kind === 'backlog') {
      const portion = backlogPortion({ caps, spent: used, now, headroom: worst });
      if (portion < expected) stoppedBy = 'portion';
    }
    if (stoppedBy === null) {
      const decision = decide({ caps, spent: used, open: NO_AMOUNTS, reservation: worst });
      if (decision.kind === 'stop') stoppedBy = decision.cap;
    }
    if (stoppedBy !== null) {
      left.push(quote);
      continue;
    }
    used = sum(used, everywhere(expected));
    ticks += expected;
    requests += 1;
    items += order.pack.units.length;
  }
  const days = daysFor(left, { caps, spent: used, now });
  const doneOn = days === null ? null : dayAfter(now, days);
  return { thisRun: { requests, items, ticks, usd: usdOf(ticks), stoppedBy, days, doneOn }, spent: used };
}

/** Days from today until what is left is bought, with one run a day; 0 where nothing is left. */
function daysFor(left: readonly Quote[], { caps, spent, now }: ForecastState): number | null {
  if (left.length === 0) return 0;
  const backlog = left.reduce((sum, { expected }) => sum + (expected ?? 0), 0);
  const headroom = Math.max(...left.map(({ worst }) => worst ?? 0));
  // A request above a cap is never made.
  if (headroom > Math.min(...CAP_NAMES.map((cap) => caps[cap]))) return null;
  const perDay = { ...caps, day: Math.min(caps.day, caps.run) };
  const days = daysToBuy(backlog, { caps: perDay, spent, now, headroom });
  return days === null ? null : Math.max(1, days - 1);
}

/** `2026-03-31`, local. */
function dayAfter(now: Date, days: number): string {
  return localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime());
}
