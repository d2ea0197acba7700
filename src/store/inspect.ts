import { existsSync } from 'node:fs';
import { isSuspect } from './corrupt.ts';
import { driverFor, loadDriver } from './driver.ts';
import { isCorrupt } from './fault.ts';

/** A look at a database that changes nothing in it. */
export type Inspection =
  | { readonly kind: 'absent' }
  | { readonly kind: 'sound'; readonly state: ReadonlyMap<string, string> }
  | { readonly kind: 'damaged'; readonly reason: string };

/**
 * Opens a database for reading and checks its pages. `state`: the rows of a table of that name with `key` and
 * `value`, where there is one (the ledger's). Throws what the binding throws where the file cannot be read.
 */
export async function inspect(path: string): Promise<Inspection> {
  if (!existsSync(path)) return { kind: 'absent' };
  if (isSuspect(path)) return { kind: 'damaged', reason: 'damage showed in an earlier run' };
  const driver = await loadDriver(driverFor(process.versions.node));
  try {
    const database = driver(path, { readonly: true });
    try {
      const row = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: unknown };
      const verdict = row.quick_check;
      if (verdict !== 'ok') return { kind: 'damaged', reason: String(verdict) };
      return { kind: 'sound', state: stateOf(database) };
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isCorrupt(error)) throw error;
    return { kind: 'damaged', reason: error instanceof Error ? error.message : String(error) };
  }
}

function stateOf(database: { prepare(sql: string): { all(): unknown[] } }): ReadonlyMap<string, string> {
  const tables = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'state'")
    .all();
  if (tables.length === 0) return new Map();
  const rows = database.prepare('SELECT key, value FROM state').all() as { key: string; value: string }[];
  return new Map(rows.map(({ key, value }) => [key, value]));
}
