import type BetterSqlite from 'better-sqlite3';
import { createRequire } from 'node:module';
import { UserError, messageOf } from '../errors.ts';

/** What both SQLite bindings have in common, and all that this program uses of them. */
export interface RawDatabase {
  prepare(sql: string): RawStatement;
  exec(sql: string): void;
  close(): void;
  inTransaction(): boolean;
}

export interface RawStatement {
  run(...values: readonly unknown[]): unknown;
  get(...values: readonly unknown[]): unknown;
  all(...values: readonly unknown[]): unknown[];
  iterate(...values: readonly unknown[]): IterableIterator<unknown>;
}

export interface DriverOptions {
  readonly readonly: boolean;
  /** A table or index whose definition cannot be read is left out, where else nothing could be read. */
  readonly lenient?: boolean;
}

/** Opens or creates the file; throws the binding's own errors. */
export type Driver = (path: string, options: DriverOptions) => RawDatabase;

/** Lets SQLite go on past definitions that it cannot read (https://www.sqlite.org/pragma.html#pragma_writable_schema). */
const LENIENT = 'PRAGMA writable_schema = ON';

export type DriverName = 'node:sqlite' | 'better-sqlite3';

/** Since this major, Node brings SQLite; better-sqlite3 12 aborts there, and its 13 does not run on Node 20. */
const NODE_WITH_SQLITE = 24;

/** The binding that belongs to a Node version, `24.1.0`. */
export function driverFor(nodeVersion: string): DriverName {
  return Number.parseInt(nodeVersion, 10) >= NODE_WITH_SQLITE ? 'node:sqlite' : 'better-sqlite3';
}

/** Loads a binding. Throws UserError `sqlite-unavailable` where its native part is missing or cannot be loaded. */
export async function loadDriver(name: DriverName, load: Loader = LOADERS[name]): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    const [reason] = messageOf(error).split('\n');
    throw new UserError(
      'sqlite-unavailable',
      `SQLite could not be loaded (${name}): ${reason}`,
      'Reinstall rustassistant for this Node (npm install -g rustassistant), or use Node 24 or newer, which brings SQLite.',
    );
  }
}

type Loader = () => Driver | Promise<Driver>;

const LOADERS: Readonly<Record<DriverName, Loader>> = {
  'node:sqlite': nodeDriver,
  'better-sqlite3': betterDriver,
};

interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean },
  ) => Omit<RawDatabase, 'inTransaction'> & {
    readonly isTransaction: boolean;
    /** Since Node 24.12. */
    enableDefensive?(active: boolean): void;
  };
}

function nodeDriver(): Driver {
  // Not by `import`: bundlers know no `node:sqlite`, and the types of Node 20 lack it.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite;
  return (path, { readonly, lenient = false }) => {
    const database = new DatabaseSync(path, { readOnly: readonly });
    if (lenient) {
      database.enableDefensive?.(false);
      database.exec(LENIENT);
    }
    return {
      prepare: (sql) => database.prepare(sql),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
      inTransaction: () => database.isTransaction,
    };
  };
}

function betterDriver(): Driver {
  // Not imported: of a CommonJS module Node would first look for the names that it exports.
  const Database = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite;
  // The native part is loaded by the first connection, not by the import.
  new Database(':memory:').close();
  return (path, { readonly, lenient = false }) => {
    const database = new Database(path, { readonly });
    if (lenient) database.unsafeMode(true).exec(LENIENT);
    return {
      prepare: (sql) => database.prepare(sql) as RawStatement,
      exec: (sql) => void database.exec(sql),
      close: () => void database.close(),
      inTransaction: () => database.inTransaction,
    };
  };
}
