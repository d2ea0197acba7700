import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError, messageOf } from '../errors.ts';
import { clearSuspect, isSuspect, setAside } from './corrupt.ts';
import type { Database } from './database.ts';
import { databaseOver } from './database.ts';
import type { Driver, DriverName, RawDatabase } from './driver.ts';
import { driverFor, loadDriver } from './driver.ts';
import { asFault, isBusy, isCorrupt, isDoubtful } from './fault.ts';
import { migrate, versionOf } from './migrate.ts';

export type { Database } from './database.ts';

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
    if (!isDamage(error)) throw asFault(error, path);
    return replaceCorrupt(driver, path, options);
  }
}

/** While a file is opened only our own migrations run: where one fails, the tables are not those that it knows. */
function isDamage(error: unknown): boolean {
  return isCorrupt(error) || isDoubtful(error);
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
    if (!isDamage(error)) throw asFault(error, path);
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
  if (!readonly && !existsSync(path)) makeEmpty(path);
  const database = driver(path, { readonly });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (readonly) {
      versionOf(database, path, options.migrations.length);
      return database;
    }
    configure(database, options);
    migrate(database, path, options.migrations);
    if (isSuspect(path)) {
      checkWhole(database, driver, options.migrations);
      clearSuspect(path);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite gives its journal files the mode of the database: made here, all of them are the user's alone. */
function makeEmpty(path: string): void {
  // `cache clean` may have taken the folder away a moment ago.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
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

/** Every page, every index against its table, and the tables against what the migrations make. */
function checkWhole(database: RawDatabase, driver: Driver, migrations: readonly string[]): void {
  const { integrity_check: verdict } = database.prepare('PRAGMA integrity_check(1)').get() as {
    readonly integrity_check: string;
  };
  const fresh = driver(':memory:', { readonly: false });
  try {
    for (const script of migrations) fresh.exec(script);
    const same = tablesOf(database) === tablesOf(fresh);
    const reason = verdict === 'ok' && !same ? 'its tables are not those that were made' : verdict;
    if (reason !== 'ok') throw Object.assign(new Error(reason), { code: 'SQLITE_CORRUPT' });
  } finally {
    fresh.close();
  }
}

function tablesOf(database: RawDatabase): string {
  return JSON.stringify(database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all());
}
