import { byText } from '../util/order.ts';
import type { EntryRow } from './ledger-rows.ts';
import { usageOf } from './ledger-rows.ts';
import { localDay } from './ledger-windows.ts';

/** What totals are made by: the local day (`2026-03-31`), the repository's id, the model. */
export type TotalKey = 'day' | 'repo' | 'model';

export interface LedgerTotal {
  readonly key: string;
  readonly requests: number;
  /** Settled, of which `estimatedTicks` were computed and not told by the server. */
  readonly ticks: number;
  readonly estimatedTicks: number;
  /** Worst case of what is not settled. */
  readonly openTicks: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Sums entries by a key, in that key's order. What was released cost nothing and is left out. */
export function totalsOf(entries: Iterable<EntryRow>, by: TotalKey): LedgerTotal[] {
  const totals = new Map<string, LedgerTotal>();
  for (const row of entries) {
    if (row.state === 'released') continue;
    const key = keyOf(row, by);
    totals.set(key, added(totals.get(key) ?? { ...NOTHING, key }, row));
  }
  return [...totals.values()].sort((a, b) => byText(a.key, b.key));
}

function keyOf(row: EntryRow, by: TotalKey): string {
  switch (by) {
    case 'day':
      return localDay(row.at);
    case 'repo':
      return row.repo_id;
    case 'model':
      return row.model;
    default:
      return by satisfies never;
  }
}

const NOTHING = {
  requests: 0,
  ticks: 0,
  estimatedTicks: 0,
  openTicks: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
};

function added(total: LedgerTotal, row: EntryRow): LedgerTotal {
  const usage = usageOf(row);
  return {
    key: total.key,
    requests: total.requests + 1,
    ticks: total.ticks + usage.ticks,
    estimatedTicks: total.estimatedTicks + (usage.estimated ? usage.ticks : 0),
    openTicks: total.openTicks + (row.state === 'settled' ? 0 : row.reserved),
    inputTokens: total.inputTokens + usage.inputTokens,
    cachedTokens: total.cachedTokens + usage.cachedTokens,
    outputTokens: total.outputTokens + usage.outputTokens,
  };
}
