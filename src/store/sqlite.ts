import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError, messageOf } from '../errors.ts';
import { clearSuspect, isSuspect, setAside } from './corrupt.ts';
import type { Database } from './database.ts';
import { databaseOver } from './database.ts';
import type { Driver, DriverName, RawDatabase } from './driver.ts';
import { driverFor, loadDriver } from './driver.ts';
import { asFault, isBusy, isCorrupt } from './fault.ts';
import { migrate, versionOf } from './migrate.ts';

export type { Database, SqlValue, Statement } from './database.ts';

export interface OpenOptions {
  /** SQL scripts, numbered by their place, append-only. */
  readonly migrations: readonly string[];
  /** FULL for what cannot be made again: each commit reaches the disk before it returns. */
  readonly synchronous: 'NORMAL' | 'FULL';
  /** Where write-ahead logging does not work (FAT). */
  readonly rollbackJournal?: boolean;
  readonly readonly?: boolean;
  /** What a damaged file means: it is renamed and made anew with a notice, or UserError `database-corrupt`. */
  readonly onCorrupt?: 'rebuild' | 'refuse';
  readonly now?: () => number;
  /** Left out, the binding that belongs to this Node. */
  readonly driver?: DriverName;
}

/** How long a statement waits for another process's lock. */
export const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens (or creates, mode 0600) a database in write-ahead mode and brings its tables up to date. Throws
 * UserError `sqlite-unavailable`, `newer-database`, `database-corrupt`; ExternalError for what the disk or
 * another process does.
 */
export async function openDatabase(path: string, options: OpenOptions): Promise<Database> {
  const driver = await loadDriver(options.driver ?? driverFor(process.versions.node));
  try {
    return databaseOver(await openWaiting(driver, path, options), path);
  } catch (error) {
    if (!isCorrupt(error)) throw asFault(error, path);
    return replaceCorrupt(driver, path, options);
  }
}

async function replaceCorrupt(driver: Driver, path: string, options: OpenOptions): Promise<Database> {
  if (options.onCorrupt !== 'rebuild' || options.readonly === true) {
    const hint = 'Restore it from a copy, or move it away together with its -wal and -shm files.';
    throw new UserError('database-corrupt', `${path} is damaged`, hint);
  }
  const { lock } = await import('proper-lockfile');
  const release = await lock(path, {
    realpath: false,
    retries: { retries: 50, minTimeout: 20, maxTimeout: 200 },
  });
  try {
    // Another process may have replaced it while this one waited.
    return databaseOver(await openWaiting(driver, path, options), path);
  } catch (error) {
    if (!isCorrupt(error)) throw asFault(error, path);
    const aside = setAside(path, (options.now ?? Date.now)());
    const message = `${path} was damaged (${messageOf(error)}): set aside as ${aside} and made anew`;
    const notices = [{ code: 'database-rebuilt', message }];
    return databaseOver(await openWaiting(driver, path, options), path, { notices, replaced: aside });
  } finally {
    await release();
  }
}

/** Changing the journal mode and creating a file do not wait by SQLite's own timeout: wait for them here. */
async function openWaiting(driver: Driver, path: string, options: OpenOptions): Promise<RawDatabase> {
  const until = Date.now() + BUSY_TIMEOUT_MS;
  for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
    try {
      return openOnce(driver, path, options);
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      await delay(pause);
    }
  }
}

function openOnce(driver: Driver, path: string, options: OpenOptions): RawDatabase {
  const readonly = options.readonly ?? false;
  // SQLite gives its journal files the mode of the database: made here, all of them are the user's alone.
  if (!readonly) closeSync(openSync(path, 'a', 0o600));
  const database = driver(path, { readonly });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (readonly) {
      versionOf(database, path, options.migrations.length);
      return database;
    }
    configure(database, options);
    if (isSuspect(path)) {
      checkPages(database);
      clearSuspect(path);
    }
    migrate(database, path, options.migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function configure(database: RawDatabase, options: OpenOptions): void {
  const wanted = options.rollbackJournal === true ? 'delete' : 'wal';
  const { journal_mode: journal } = database.prepare('PRAGMA journal_mode').get() as {
    readonly journal_mode: string;
  };
  // Before the first page is written, or never: what pruning frees goes back to the disk.
  if (journal !== wanted) database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = ${wanted}`);
  database.exec(`PRAGMA synchronous = ${options.synchronous}; PRAGMA foreign_keys = ON`);
}

function checkPages(database: RawDatabase): void {
  const { quick_check: verdict } = database.prepare('PRAGMA quick_check(1)').get() as {
    readonly quick_check: string;
  };
  if (verdict !== 'ok') throw Object.assign(new Error(verdict), { code: 'SQLITE_CORRUPT' });
}
