import type { KeyFactors } from '../cache/key.ts';
import { itemKey } from '../cache/key.ts';
import type { Codec } from './codec.ts';
import type { Database, SqlValue } from './database.ts';
import type { RawDatabase } from './driver.ts';
import { driverFor, loadDriver } from './driver.ts';

type Row = Readonly<Record<string, SqlValue>>;

/**
 * Copies what can still be read of a damaged `answers.db` into its successor: it was paid for. An answer is taken
 * only where its key is the hash of its factors and its blob has its checksum, so that nothing damaged gets
 * through. Returns how many answers came over.
 */
export async function salvage(into: Database, damagedPath: string, codec: Codec): Promise<number> {
  const damaged = await openDamaged(damagedPath);
  if (damaged === null) return 0;
  try {
    return into.transaction(() => {
      for (const table of ['requests', 'models', 'in_flight']) {
        for (const row of readable(damaged, into, table, '')) insert(into, table, row);
      }
      let answers = 0;
      // From both ends towards the damage, the newest first.
      for (const order of ['DESC', 'ASC']) {
        for (const row of readable(damaged, into, 'answers', `ORDER BY id ${order}`)) {
          if (isWhole(row, codec)) answers += insertAnswer(into, row);
        }
      }
      return answers;
    });
  } finally {
    damaged.close();
  }
}

/** Null where not even its first page can be read. */
async function openDamaged(path: string): Promise<RawDatabase | null> {
  const driver = await loadDriver(driverFor(process.versions.node));
  try {
    return driver(path, { readonly: true, lenient: true });
  } catch {
    return null;
  }
}

/**
 * Rows up to the first damaged page, read from the table and no index. Their columns have the successor's names: it is
 * their order that counts, for a name may be what is damaged.
 */
function* readable(damaged: RawDatabase, into: Database, table: string, order: string): Generator<Row> {
  const names = into
    .prepare<{ readonly name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .all();
  try {
    const rows = damaged.prepare(`SELECT * FROM ${table} NOT INDEXED ${order}`).iterate();
    for (const row of rows as Iterable<Row>) {
      const values = Object.values(row);
      yield Object.fromEntries(names.map(({ name }, at) => [name, values[at] ?? null]));
    }
  } catch {
    // The damage begins here: what was read until now is what there is.
  }
}

function isWhole(
  { item_key: key, factors, blob, checksum, request_id: request }: Row,
  codec: Codec,
): boolean {
  if (typeof factors !== 'string' || typeof request !== 'string' || !(blob instanceof Uint8Array))
    return false;
  if (codec.checksum(blob) !== checksum) return false;
  try {
    return itemKey(JSON.parse(factors) as KeyFactors) === key;
  } catch {
    // Damaged in a place that no checksum covers.
    return false;
  }
}

/** 1 where the row is new. */
function insert(into: Database, table: string, row: Row): number {
  const names = Object.keys(row).filter((name) => name !== 'id');
  const values = names.map((name) => `@${name}`);
  const put = into.prepare(
    `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`,
  );
  return put.run(Object.fromEntries(names.map((name) => [name, row[name] ?? null]))).changes;
}

/**
 * An answer belongs to a request; where the damage took that, one whose cost nobody knows stands for it. It also tells
 * which model answered under the name that was asked for: without that no key would find it.
 */
function insertAnswer(into: Database, row: Row): number {
  const { request_id, resolved_model, created_at, factors } = row;
  insert(into, 'requests', { request_id, model: resolved_model, usage: 'null', created_at } as Row);
  const { providerUrl, model, resolvedModel } = JSON.parse(String(factors)) as KeyFactors;
  insert(into, 'models', {
    provider_url: providerUrl,
    model,
    resolved: resolvedModel,
    seen_at: created_at,
  } as Row);
  return insert(into, 'answers', row);
}
