import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExternalError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { CacheCleanReport } from '../../report/cache-model.ts';
import { footprint } from '../../store/footprint.ts';
import { COMPANIONS } from '../../store/corrupt.ts';
import type { Lease } from '../../store/global.ts';
import { isInUse } from '../../store/in-use.ts';
import type { Layout } from '../../store/layout.ts';
import { listRepositories } from '../../store/repository.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { takeLease } from '../lease.ts';
import { openBooks } from '../paid/books.ts';

/**
 * Removes what is stored of the repositories, and damaged databases that were set aside; all of it can be made
 * again. `answers`: the paid answers too. The ledger stays in any case. Throws ExternalError `cache-busy` where
 * another process prunes, buys or works on one of the repositories.
 */
export async function clean(
  layout: Layout,
  host: Host,
  what: 'recreatable' | 'answers',
): Promise<CacheCleanReport> {
  const start = footprint(layout);
  if (!existsSync(layout.cache))
    return { schemaVersion: REPORT_SCHEMA_VERSION, before: 0, after: 0, removed: [] };
  await requireNobodyBuying(layout, host, what);
  for (const { meta, analysis, search } of listRepositories(layout)) {
    if ((await isInUse(analysis)) || (await isInUse(search)))
      throw busy(`another process works on ${meta.path}`);
  }
  const lease = await leaseOf(layout, host);
  try {
    for (const { name } of start.repositories) remove(join(layout.repositories, name));
    const asides = [start, ...start.repositories].flatMap(({ setAside }) => setAside);
    for (const { path } of asides) remove(path);
    if (what === 'answers') for (const suffix of COMPANIONS) remove(layout.answers + suffix);
    return {
      schemaVersion: REPORT_SCHEMA_VERSION,
      before: start.total,
      after: footprint(layout).total,
      removed: [
        ...(start.repositories.length > 0 ? (['repositories'] as const) : []),
        ...(asides.length > 0 ? (['set-aside'] as const) : []),
        ...(what === 'answers' && start.byKind.answers > 0 ? (['answers'] as const) : []),
      ],
    };
  } finally {
    lease.release();
  }
}

/** A full disk takes no lease: then room is made without one. */
async function leaseOf(layout: Layout, host: Host): Promise<Lease> {
  try {
    const lease = await takeLease(layout, 'prune', host.now());
    if (lease !== null) return lease;
  } catch (error) {
    if (error instanceof ExternalError && error.code === 'disk-full') return { release: () => undefined };
    throw error;
  }
  throw busy('another process prunes');
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** What is on its way would be paid for and lost. */
async function requireNobodyBuying(
  layout: Layout,
  host: Host,
  what: 'recreatable' | 'answers',
): Promise<void> {
  if (what !== 'answers' || !existsSync(layout.answers)) return;
  const books = await openBooks(layout, host.now);
  try {
    if (books.ledger.openReservations().some(({ running }) => running))
      throw busy('another process buys answers');
  } finally {
    books.close();
  }
}

function busy(what: string): ExternalError {
  const hint = 'Wait for it to end, then try again.';
  return new ExternalError('cache-busy', `nothing was removed: ${what}`, { retryable: true, hint });
}
