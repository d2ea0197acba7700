import type { KeyFactors } from '../cache/key.ts';
import { itemKey } from '../cache/key.ts';
import { ExternalError, UserError } from '../errors.ts';
import { ANSWERS_MIGRATIONS } from './answers-tables.ts';
import type { Codec } from './codec.ts';
import type { Database, SqlValue } from './database.ts';
import { openDatabase } from './sqlite.ts';

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
        for (const row of readable(damaged, `SELECT * FROM ${table}`)) insert(into, table, row);
      }
      let answers = 0;
      // From both ends towards the damage.
      for (const order of ['ASC', 'DESC']) {
        for (const row of readable(damaged, `SELECT * FROM answers ORDER BY id ${order}`)) {
          if (isWhole(row, codec)) answers += insertAnswer(into, row);
        }
      }
      return answers;
    });
  } finally {
    damaged.close();
  }
}

async function openDamaged(path: string): Promise<Database | null> {
  try {
    return await openDatabase(path, {
      migrations: ANSWERS_MIGRATIONS,
      synchronous: 'NORMAL',
      readonly: true,
      onCorrupt: 'refuse',
    });
  } catch (error) {
    // Not even its first page can be read.
    if (error instanceof UserError || error instanceof ExternalError) return null;
    throw error;
  }
}

/** Rows up to the first damaged page. */
function* readable(damaged: Database, sql: string): Generator<Row> {
  try {
    yield* damaged.prepare<Row>(sql).iterate();
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error;
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

/** An answer belongs to a request; where the damage took that, one whose cost nobody knows stands for it. */
function insertAnswer(into: Database, row: Row): number {
  const { request_id, resolved_model, created_at } = row;
  insert(into, 'requests', { request_id, model: resolved_model, usage: 'null', created_at } as Row);
  return insert(into, 'answers', row);
}
