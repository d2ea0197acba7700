import type { Table } from '@lancedb/lancedb';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a reader may still be at is kept for so long after something newer took its place. */
const GRACE_MS = 2 * 60 * 1000;
/** With so many pieces a query takes twice as long (28,000 rows). */
const MANY = 16;
/** With so many, each new version of the table is long by itself: no waiting. */
const TOO_MANY = 256;
/** A table that is as small as this is written anew at once. */
const SMALL_BYTES = 2 * 1024 * 1024;
/** Bytes on the disk for each that is in use, from which a clean-up is worth its while. */
const WASTEFUL = 1.3;

export interface Upkeep {
  /** When the table was last written anew, milliseconds since the epoch; null: never. */
  readonly optimizedAt: number | null;
  /** From when on there is something to clean up; null: nothing is known of. */
  readonly dueAt: number | null;
}

/**
 * Writes the table anew in one piece where it has come apart, and removes versions that were replaced before the
 * grace period. Both are one operation of LanceDB, and it costs the table's size: so once within a grace period.
 */
export async function tend(
  table: Table,
  folder: string,
  optimizedAt: number | null,
  nowMs: number,
): Promise<Upkeep> {
  const { untidy, pieces, bytes } = await look(table, folder);
  if (!untidy) return { optimizedAt, dueAt: null };
  const due = optimizedAt === null ? nowMs : optimizedAt + GRACE_MS;
  // A clock that was set back is no reason to wait.
  const waits = nowMs < due && due <= nowMs + GRACE_MS;
  const pressing = pieces >= TOO_MANY || (pieces >= MANY && bytes <= SMALL_BYTES);
  if (waits && !pressing) return { optimizedAt, dueAt: due };
  const cleanupOlderThan = await oldestKept(table, nowMs - GRACE_MS);
  // Whoever writes is alone (the lease): what no version names was left by one that was killed.
  await table.optimize({ cleanupOlderThan, deleteUnverified: true });
  const { untidy: still } = await look(table, folder);
  return { optimizedAt: nowMs, dueAt: still ? nowMs + GRACE_MS : null };
}

async function look(table: Table, folder: string) {
  const { totalBytes, fragmentStats } = await table.stats();
  const pieces = fragmentStats.numFragments;
  const untidy = pieces >= MANY || bytesBelow(folder) > totalBytes * WASTEFUL;
  return { pieces, bytes: totalBytes, untidy };
}

/** A version is in use until the next one is there: the newest of those before the moment stays too. */
async function oldestKept(table: Table, beforeMs: number): Promise<Date> {
  const times = (await table.listVersions()).map(({ timestamp }) => timestamp.getTime());
  return new Date(Math.max(0, ...times.filter((time) => time <= beforeMs)));
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
