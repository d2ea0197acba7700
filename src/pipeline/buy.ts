import type { Amounts } from '../llm/budget.ts';
import { CAP_NAMES, sum } from '../llm/budget.ts';
import type { Notice } from '../types.ts';
import { counted, ticksAsDollars } from '../util/numbers.ts';
import type { Errand, Tally } from './errand.ts';
import { expectedTicks, worstTicks } from './estimate.ts';
import type { Market } from './market.ts';
import type { Order } from './orders.ts';
import { backlogPortion } from './portion.ts';
import { runPack } from './run-pack.ts';
import { pause, WAIT_MS } from './send.ts';

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
      if (order.kind === 'backlog' && (backlogClosed || !(await inPortion(market, order, signal)))) {
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
  // Where one lane fails, the others end what they are at: it is paid for.
  const lanes = Array.from({ length: market.concurrency }, () =>
    lane().catch((error: unknown) => {
      stopped ??= { code: 'failed', message: 'the run failed' };
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const end = stopped as Notice | null;
  if (end !== null) tally.notices.push(end);
  // Whoever misses answers is told why, whatever ended the run.
  const said = end?.message.includes(tally.lastFailure) === true;
  if (tally.failures > 0 && !said) tally.notices.push(failedRequests(tally));
}

/** Whether it fits into today's portion; waits while only the worst case of running requests keeps it from that. */
async function inPortion(market: Market, { pack }: Order, signal: AbortSignal): Promise<boolean> {
  const { ledger, caps, runId } = market;
  const price = market.priceFor(pack.tokens);
  const expected = expectedTicks(pack, market, price);
  const headroom = worstTicks(pack, market, price);
  const fits = (used: Amounts): boolean =>
    backlogPortion({ caps, spent: used, now: new Date(market.now()), headroom }) >= expected;
  while (!signal.aborted) {
    const { spent, open } = ledger.spent(runId);
    if (fits(sum(spent, open))) return true;
    if (!fits(spent)) return false;
    await pause(WAIT_MS, signal);
  }
  return false;
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

function failedRequests({ failures, lastFailure }: Tally): Notice {
  const message = `${counted(failures, 'attempt')} failed, the last one: ${lastFailure}`;
  return { code: 'requests-failed', message };
}

function moneyNote({ ledger, caps, runId }: Market, ticks: number): string {
  const { spent, open } = ledger.spent(runId);
  const left = Math.min(...CAP_NAMES.map((cap) => caps[cap] - spent[cap] - open[cap]));
  return `${ticksAsDollars(ticks)} spent, ${ticksAsDollars(Math.max(0, left))} left`;
}
