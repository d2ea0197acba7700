import type { Notice } from '../types.ts';
import { counted, ticksAsDollars } from '../util/numbers.ts';
import type { Errand } from './errand.ts';
import { expectedTicks, worstTicks } from './estimate.ts';
import type { Market } from './market.ts';
import type { Order } from './orders.ts';
import { backlogPortion } from './portion.ts';
import { runPack } from './run-pack.ts';

/** After so many failed requests in a row, none of which was answered, the server is left alone. */
const MAX_FAILURES_IN_ROW = 3;

/**
 * Makes the requests in their order, as many at once as the settings allow, until one of the limits is met.
 * What they came to stands in the errand's tally; nothing is thrown for what a server did.
 */
export async function buy(
  market: Market,
  orders: readonly Order[],
  errand: Omit<Errand, 'stop'>,
  onOrder: (note: string) => void,
): Promise<void> {
  const { tally, signal } = errand;
  let next = 0;
  let stopped: Notice | null = null;
  let failuresInRow = 0;
  let backlogClosed = false;
  const full: Errand = { ...errand, stop: (notice) => (stopped ??= notice) };

  const lane = async (): Promise<void> => {
    while (next < orders.length && stopped === null && !signal.aborted) {
      const order = orders[next++] as Order;
      if (order.kind === 'backlog' && (backlogClosed || !inPortion(market, order))) {
        if (!backlogClosed) tally.notices.push(rationed(orders.length - next + 1));
        backlogClosed = true;
        continue;
      }
      const answered = await runPack(market, order.pack, full);
      failuresInRow = answered ? 0 : failuresInRow + 1;
      if (failuresInRow >= MAX_FAILURES_IN_ROW) stopped ??= leftAlone(tally.lastFailure);
      onOrder(moneyNote(market, tally.ticks));
    }
  };
  await Promise.all(Array.from({ length: market.concurrency }, lane));
  if (stopped !== null) tally.notices.push(stopped);
}

function inPortion(market: Market, { pack }: Order): boolean {
  const { spent, open } = market.ledger.spent(market.runId);
  const price = market.priceFor(pack.tokens);
  const used = { day: spent.day + open.day, week: spent.week + open.week, month: spent.month + open.month };
  const expected = expectedTicks(pack, market, price);
  const headroom = worstTicks(pack, market, price);
  return (
    backlogPortion({ caps: market.caps, spent: used, now: new Date(market.now()), headroom }) >= expected
  );
}

function rationed(requests: number): Notice {
  return {
    code: 'backlog-portion',
    message: `today's portion of the backlog is bought, ${counted(requests, 'request')} wait: the rest of the caps is kept for the days' edits`,
  };
}

function leftAlone(lastFailure: string): Notice {
  return {
    code: 'server-failed',
    message: `${MAX_FAILURES_IN_ROW} requests in a row failed, the rest was not sent: ${lastFailure}`,
  };
}

function moneyNote({ ledger, caps, runId }: Market, ticks: number): string {
  const { spent, open } = ledger.spent(runId);
  const left = Math.min(
    ...(['run', 'day', 'week', 'month'] as const).map((cap) => caps[cap] - spent[cap] - open[cap]),
  );
  return `${ticksAsDollars(ticks)} spent, ${ticksAsDollars(Math.max(0, left))} left`;
}
