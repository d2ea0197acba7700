import { ANSWER_SCHEMA, compatibility } from '../cache/schema.ts';
import type { Database } from './database.ts';

/** What pruning weighs: one paid answer. */
export interface StoredAnswerWeight {
  /** Of its row. */
  readonly id: number;
  readonly itemKey: string;
  readonly repository: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly lastAccessed: number;
  readonly accessCount: number;
  readonly compatible: boolean;
  /** Its share, and the whole request's. */
  readonly ticks: number;
  readonly requestTicks: number;
  readonly tokens: number;
}

/** A row's own columns beside its blob: keys, hashes, factors, and their places in three indexes. */
const ROW_BYTES = 1_200;

/** All of them; decodes nothing. */
export function answerWeights(database: Database): StoredAnswerWeight[] {
  type Row = Omit<StoredAnswerWeight, 'compatible'> & { readonly version: number };
  const rows = database.prepare<Row>(`SELECT id, item_key AS itemKey, repo_id AS repository,
    size + ${ROW_BYTES} AS bytes, answers.created_at AS createdAt, last_accessed AS lastAccessed,
    access_count AS accessCount, ticks, input_tokens + output_tokens AS tokens, schema_version AS version,
    coalesce(json_extract(usage, '$.ticks'), ticks) AS requestTicks
    FROM answers JOIN requests USING (request_id)`);
  return rows.all().map(({ version, ...row }) => ({
    ...row,
    compatible: compatibility(ANSWER_SCHEMA, version) !== 'incompatible',
  }));
}

/** Notes readings that were only known from the merged rows that held the answers, by row id. */
export function recordAccesses(
  database: Database,
  accesses: readonly (readonly [id: number, atMs: number])[],
): void {
  const record = database.prepare(
    'UPDATE answers SET last_accessed = max(last_accessed, @at), access_count = access_count + 1 WHERE id = @id',
  );
  database.transaction(() => {
    for (const [id, at] of accesses) record.run({ id, at });
  });
}

/** Removes answers by row id, and the requests that brought nothing else and are settled. */
export function removeAnswers(database: Database, ids: readonly number[]): void {
  const remove = database.prepare('DELETE FROM answers WHERE id IN (SELECT value FROM json_each(?))');
  const orphans =
    database.prepare(`DELETE FROM requests WHERE request_id NOT IN (SELECT request_id FROM answers)
    AND request_id NOT IN (SELECT request_id FROM in_flight)`);
  database.transaction(() => {
    remove.run(JSON.stringify(ids));
    orphans.run();
  });
}
