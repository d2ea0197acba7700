import { existsSync } from 'node:fs';
import type { Budget } from '../../config/schema.ts';
import type { WindowName } from '../../llm/budget.ts';
import { NO_AMOUNTS, ticksOfUsd } from '../../llm/budget.ts';
import type { Host } from '../../host.ts';
import type { CapUse, UsageReport, UsageRow } from '../../report/usage-model.ts';
import type { Layout } from '../../store/layout.ts';
import { existingLayout } from '../home.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { LedgerTotal } from '../../store/ledger-totals.ts';
import { localDay } from '../../store/ledger-windows.ts';
import { listRepositories } from '../../store/repository.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { openBooks } from './books.ts';

export interface UsageRequest {
  readonly home: string;
  readonly budget: Budget;
  /** Milliseconds since the epoch; null is all there is. */
  readonly sinceMs: number | null;
  /** `--accept-unknown`: what is known is taken for all that was spent. */
  readonly unknown: 'keep' | 'accept';
}

/** What this machine's ledger says. A home without one is left without. */
export async function usage(host: Host, request: UsageRequest): Promise<UsageReport> {
  const layout = existingLayout(request.home);
  if (![layout.ledger, layout.ledgerJournal, layout.answers].some(existsSync)) {
    return reportOf(EMPTY_LEDGER, layout, request, 'nothing-to-accept');
  }
  const books = await openBooks(layout, host.now);
  try {
    const { ledger } = books;
    const accepts = request.unknown === 'accept' && ledger.health() !== 'ok';
    if (accepts) ledger.acceptUnknown();
    const notices = [...books.answers.notices, ...ledger.notices];
    return { ...reportOf(ledger, layout, request, accepts ? 'accepted' : 'nothing-to-accept'), notices };
  } finally {
    books.close();
  }
}

type Readable = Pick<Ledger, 'totals' | 'spent' | 'openReservations' | 'health'>;

const EMPTY_LEDGER: Readable = {
  totals: () => [],
  spent: () => ({ spent: NO_AMOUNTS, open: NO_AMOUNTS }),
  openReservations: () => [],
  health: () => 'ok',
};

function reportOf(
  ledger: Readable,
  layout: Layout,
  { budget, sinceMs, unknown }: UsageRequest,
  accepted: 'accepted' | 'nothing-to-accept',
): UsageReport {
  const paths = new Map(listRepositories(layout).map(({ meta }) => [meta.fullHash, meta.path]));
  const rows = (by: 'day' | 'repo' | 'model'): UsageRow[] =>
    ledger.totals(by, sinceMs ?? 0).map((total) => rowOf(total, by, paths));
  const byDay = rows('day');
  const health = ledger.health();
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    since: sinceMs === null ? null : localDay(sinceMs),
    total: totalOf(byDay),
    byDay,
    byRepository: rows('repo'),
    byModel: rows('model'),
    caps: capsOf(ledger, budget),
    reservations: ledger.openReservations().map(({ requestId, repoId, model, ticks, at, running }) => ({
      requestId,
      repository: paths.get(repoId) ?? null,
      model: model === '' ? null : model,
      ticks,
      usd: ticks / TICKS_PER_USD,
      at: new Date(at).toISOString(),
      running,
    })),
    ledger: health === 'ok' ? { state: 'known' } : { state: 'unknown', reason: health.reason },
    ...(unknown === 'accept' ? { accepted: accepted === 'accepted' } : {}),
    notices: [],
  };
}

/** A settlement whose reservation was lost knows neither repository nor model. */
function rowOf(
  total: LedgerTotal,
  by: 'day' | 'repo' | 'model',
  paths: ReadonlyMap<string, string>,
): UsageRow {
  const row = { ...total, key: total.key === '' ? null : total.key, usd: total.ticks / TICKS_PER_USD };
  return by === 'repo' ? { ...row, path: paths.get(total.key) ?? null } : row;
}

function totalOf(rows: readonly UsageRow[]): UsageReport['total'] {
  const sum = (field: (typeof SUMMED)[number]): number => rows.reduce((total, row) => total + row[field], 0);
  const sums = Object.fromEntries(SUMMED.map((field) => [field, sum(field)])) as Record<
    (typeof SUMMED)[number],
    number
  >;
  return { ...sums, usd: sums.ticks / TICKS_PER_USD };
}

const SUMMED = [
  'requests',
  'ticks',
  'estimatedTicks',
  'openTicks',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
] as const;

function capsOf(ledger: Readable, budget: Budget): UsageReport['caps'] {
  const { spent, open } = ledger.spent();
  const cap = (window: WindowName, usd: number): CapUse => {
    const capTicks = ticksOfUsd(usd);
    const leftTicks = Math.max(0, capTicks - spent[window] - open[window]);
    const used = { spentTicks: spent[window], openTicks: open[window] };
    return { capTicks, capUsd: usd, ...used, leftTicks, leftUsd: leftTicks / TICKS_PER_USD };
  };
  return {
    day: cap('day', budget.perDay),
    week: cap('week', budget.perWeek),
    month: cap('month', budget.perMonth),
  };
}
