import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { ExternalError } from '../errors.ts';

import { markSuspect } from './corrupt.ts';
import { MIGRATIONS } from './ledger-rows.ts';
import type { Database } from './sqlite.ts';
import { openDatabase } from './sqlite.ts';

export interface OpenLedgerDatabase {
  readonly path: string;
  readonly now: () => number;
  readonly rollbackJournal?: boolean;
}

/** Opens ledger.db and looks at every page: it is small, and money is not read from a damaged one. */
export async function openLedgerDatabase(options: OpenLedgerDatabase): Promise<Database> {
  const { path, now, rollbackJournal = false } = options;
  const open = () =>
    openDatabase(path, {
      migrations: MIGRATIONS,
      synchronous: 'FULL',
      onCorrupt: 'rebuild',
      now,
      rollbackJournal,
    });
  const database = await open();
  if (isSound(database)) return database;
  database.close();
  markSuspect(path);
  return open();
}

function isSound(database: Database): boolean {
  try {
    return database.pragma('quick_check(1)') === 'ok';
  } catch (error) {
    if (error instanceof ExternalError && error.code === 'database-corrupt') return false;
    throw error;
  }
}

/** A database that was set aside as damaged had entries. */
export function hasDamagedPredecessor(path: string): boolean {
  return readdirSync(dirname(path)).some((name) => name.startsWith(`${basename(path)}.corrupt-`));
}
