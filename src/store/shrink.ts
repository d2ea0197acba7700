import { ExternalError } from '../errors.ts';
import type { Database } from './database.ts';
import { BUSY_TIMEOUT_MS } from './sqlite.ts';

/** So many pages are given back at a time: the log stays small and others get their turn. */
const PAGES_PER_STEP = 1_000;

/** Rewriting more than that on a slow card would hold the write lock for longer than others wait for it. */
const REWRITE_BYTES = 32 * 1024 * 1024;

/**
 * Gives back to the disk what deletions freed. Where they left half-empty pages behind, so that less than half of
 * `expectedBytes` came free, a file of moderate size is rewritten. `pause` is awaited between steps.
 */
export async function shrink(
  database: Database,
  expectedBytes: number,
  pause: () => Promise<unknown>,
): Promise<void> {
  const before = sizeOf(database);
  for (let left = freePages(database); left > 0;) {
    database.exec(`PRAGMA incremental_vacuum(${PAGES_PER_STEP})`);
    truncateLog(database);
    await pause();
    const still = freePages(database);
    // A file that was made without room for it gives nothing back this way.
    if (still >= left) break;
    left = still;
  }
  const now = sizeOf(database);
  if (before - now < expectedBytes / 2 && now <= REWRITE_BYTES) rewrite(database);
  truncateLog(database);
}

function rewrite(database: Database): void {
  try {
    database.exec('VACUUM');
  } catch (error) {
    // It only saves space: where others are at work it may wait for the next pruning.
    if (!(error instanceof ExternalError) || error.code !== 'database-busy') throw error;
  }
}

function sizeOf(database: Database): number {
  return Number(database.pragma('page_count')) * Number(database.pragma('page_size'));
}

function freePages(database: Database): number {
  return Number(database.pragma('freelist_count'));
}

/** Waits for nobody: where another process reads, the log is cut short another time. */
function truncateLog(database: Database): void {
  database.exec('PRAGMA busy_timeout = 0');
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
}
