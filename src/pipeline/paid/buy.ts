import type { Amounts } from '../../llm/budget.ts';
import { CAP_NAMES, sum } from '../../llm/budget.ts';
import type { Notice } from '../../types/run.ts';
import { counted, ticksAsDollars } from '../../util/numbers.ts';
import type { RequestScope, RunTotals } from './request-scope.ts';
import { expectedTicks, worstTicks } from './estimate.ts';
import type { PaidRun } from './paid-run.ts';
import type { Order } from './orders.ts';
import { backlogPortion } from './portion.ts';
import { runPack } from './run-pack.ts';
import { pause, WAIT_MS } from './send.ts';

/** After so many failed requests in a row, none of which was answered, the server is left alone. */
const MAX_FAILURES_IN_ROW = 3;

/**
 * Makes the requests in their order, as many at once as the settings allow, until one of the limits is met.
 * What they came to stands in the scope's totals; nothing is thrown for what a server did.
 */
export async function buy(
  run: PaidRun,
  orders: readonly Order[],
  scope: Omit<RequestScope, 'stop'>,
  onOrder: (note: string) => void,
): Promise<void> {
  const { totals, signal } = scope;
  const failuresBefore = totals.failures;
  let next = 0;
  let stopped: Notice | null = null;
  let failuresInRow = 0;
  let backlogClosed = false;
  const stop = (notice: Notice): void => {
    stopped ??= notice;
    totals.stopped = true;
  };
  const full: RequestScope = { ...scope, stop };

  const lane = async (): Promise<void> => {
    while (next < orders.length && stopped === null && !signal.aborted) {
      const order = orders[next++] as Order;
      if (order.kind === 'backlog' && (backlogClosed || !(await inPortion(run, order, signal)))) {
        if (!backlogClosed) totals.notices.push(rationed(orders.length - next + 1));
        backlogClosed = true;
        continue;
      }
      const answered = await runPack(run, order.pack, full);
      failuresInRow = answered ? 0 : failuresInRow + 1;
      if (failuresInRow >= MAX_FAILURES_IN_ROW) stop(leftAlone(totals.lastFailure));
      onOrder(moneyNote(run, totals.ticks));
    }
  };
  // Where one lane fails, the others end what they are at: it is paid for.
  const lanes = Array.from({ length: run.concurrency }, () =>
    lane().catch((error: unknown) => {
      stop({ code: 'failed', message: 'the run failed' });
      throw error;
    }),
  );
  const ends = await Promise.allSettled(lanes);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const end = stopped as Notice | null;
  if (end !== null) totals.notices.push(end);
  // Whoever misses answers is told why, whatever ended the run.
  const said = end?.message.includes(totals.lastFailure) === true;
  if (totals.failures > failuresBefore && !said) totals.notices.push(failedRequests(totals));
}

/** Whether it fits into today's portion; waits while only the worst case of running requests keeps it from that. */
async function inPortion(run: PaidRun, { pack }: Order, signal: AbortSignal): Promise<boolean> {
  const { ledger, caps, runId } = run;
  const price = run.priceFor(pack.tokens);
  const expected = expectedTicks(pack, run, price);
  const headroom = worstTicks(pack, run, price);
  const fits = (used: Amounts): boolean =>
    backlogPortion({ caps, spent: used, now: new Date(run.now()), headroom }) >= expected;
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

function failedRequests({ failures, lastFailure }: RunTotals): Notice {
  const message = `${counted(failures, 'attempt')} failed, the last one: ${lastFailure}`;
  return { code: 'requests-failed', message };
}

function moneyNote({ ledger, caps, runId }: PaidRun, ticks: number): string {
  const { spent, open } = ledger.spent(runId);
  const left = Math.min(...CAP_NAMES.map((cap) => caps[cap] - spent[cap] - open[cap]));
  return `${ticksAsDollars(ticks)} spent, ${ticksAsDollars(Math.max(0, left))} left`;
}
