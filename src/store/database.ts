import type { Notice } from '../types/run.ts';
import { markSuspect } from './corrupt.ts';
import type { RawDatabase, RawStatement } from './driver.ts';
import { asFault, isCorrupt, isDoubtful } from './fault.ts';

/** What is bound and what comes back; blobs come back as `Uint8Array` or its subclass `Buffer`. */
export type SqlValue = null | number | string | Uint8Array;

/** Positional values, or one record whose keys are exactly the statement's `@names`. Numbers bind as REAL. */
export type SqlParameters = readonly SqlValue[] | readonly [Readonly<Record<string, SqlValue>>];

export interface Statement<Row> {
  run(...parameters: SqlParameters): { readonly changes: number };
  get(...parameters: SqlParameters): Row | undefined;
  all(...parameters: SqlParameters): Row[];
  /** One row at a time; no other statement of this database may write until it ends. */
  iterate(...parameters: SqlParameters): IterableIterator<Row>;
}

export interface Database {
  readonly path: string;
  /** What the user should hear of the opening: a damaged file that was set aside. */
  readonly notices: readonly Notice[];
  /** Where the damaged file stands that this one replaced; null where none was. */
  readonly replaced: string | null;
  prepare<Row = Record<string, SqlValue>>(sql: string): Statement<Row>;
  exec(sql: string): void;
  /** The single value of a pragma, `pragma('page_count')`. */
  pragma(source: string): SqlValue;
  /**
   * Runs `work` in a transaction that holds the write lock from its start, and returns its result; a throw rolls
   * back. Within another transaction it is a savepoint. `work` must not await: other work would slip inside.
   */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

/** One manner over both bindings: errors as the outside world's, damage remembered for the next open. */
export function databaseOver(
  raw: RawDatabase,
  path: string,
  { notices, replaced }: Pick<Database, 'notices' | 'replaced'> = { notices: [], replaced: null },
): Database {
  function guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (isCorrupt(error) || isDoubtful(error)) markSuspect(path);
      throw asFault(error, path);
    }
  }
  const exec = (sql: string) => guarded(() => raw.exec(sql));
  const prepare = <Row>(sql: string) =>
    wrapStatement<Row>(
      guarded(() => raw.prepare(sql)),
      guarded,
    );
  return {
    path,
    notices,
    replaced,
    prepare,
    exec,
    pragma(source) {
      const row = prepare<Record<string, SqlValue>>(`PRAGMA ${source}`).get();
      return row === undefined ? null : (Object.values(row)[0] ?? null);
    },
    transaction: (work) => transact(raw, exec, work),
    close: () => guarded(() => raw.close()),
  };
}

type Guard = <Result>(work: () => Result) => Result;

function wrapStatement<Row>(statement: RawStatement, guarded: Guard): Statement<Row> {
  return {
    run: (...values) => guarded(() => statement.run(...values) as { readonly changes: number }),
    get: (...values) => guarded(() => statement.get(...values) as Row | undefined),
    all: (...values) => guarded(() => statement.all(...values) as Row[]),
    *iterate(...values) {
      const rows = guarded(() => statement.iterate(...values));
      try {
        for (let next = guarded(() => rows.next()); next.done !== true; next = guarded(() => rows.next())) {
          yield next.value as Row;
        }
      } finally {
        rows.return?.();
      }
    },
  };
}

function transact<Result>(raw: RawDatabase, exec: (sql: string) => void, work: () => Result): Result {
  const nested = raw.inTransaction();
  exec(nested ? 'SAVEPOINT inner' : 'BEGIN IMMEDIATE');
  try {
    const result = work();
    if (result instanceof Promise) throw new TypeError('a transaction must not await');
    exec(nested ? 'RELEASE inner' : 'COMMIT');
    return result;
  } catch (error) {
    // A full disk or a failed read has already rolled back by itself.
    if (raw.inTransaction()) exec(nested ? 'ROLLBACK TO inner; RELEASE inner' : 'ROLLBACK');
    throw error;
  }
}
