import { ACCESS_GRAIN_MS } from '../cache/eviction.ts';
import type { KeyFactors } from '../cache/key.ts';
import { ANSWER_SCHEMA, migrated } from '../cache/schema.ts';
import type { Answer, Notice, Usage } from '../types.ts';
import { ANSWERS_MIGRATIONS } from './answers-tables.ts';
import type { Codec } from './codec.ts';
import { lazyCodec } from './codec.ts';
import type { Database } from './database.ts';
import type { InFlight } from './in-flight.ts';
import { inFlightOf } from './in-flight.ts';
import type { Layout } from './layout.ts';
import { openDatabase } from './sqlite.ts';

export interface StoredAnswer {
  readonly answer: Answer;
  readonly requestId: string;
  readonly resolvedModel: string;
  /** Its share of the request's. */
  readonly usage: Usage;
  readonly createdAt: number;
  /** The repository that paid. */
  readonly repository: string;
}

export interface AnswerToStore {
  readonly itemKey: string;
  readonly factors: KeyFactors;
  readonly answer: Answer;
  /** Its share of the request's. */
  readonly usage: Usage;
}

export interface AnsweredRequest {
  readonly requestId: string;
  /** As the provider named it. */
  readonly model: string;
  readonly usage: Usage;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly repository: string;
  /** Under `--untrusted`: valid for `repository` alone. */
  readonly untrusted: boolean;
  /** Empty where the answer was paid for and could not be used. */
  readonly answers: readonly AnswerToStore[];
}

export interface AnswerTotals {
  readonly answers: number;
  readonly requests: number;
  /** Compressed, without the tables' own needs. */
  readonly bytes: number;
  readonly ticks: number;
}

/** `answers.db`: what was paid for. */
export interface Answers extends InFlight {
  readonly notices: readonly Notice[];
  readonly database: Database;
  /** Answers by item key that hold for the repository. One that is damaged or too old is not among them. */
  lookup(itemKeys: readonly string[], repository: string): Promise<Map<string, StoredAnswer>>;
  /**
   * Stores a request's usage and its answers in one transaction; false where the request was stored before. A
   * complete answer is never replaced by one that is not.
   */
  saveRequest(request: AnsweredRequest): Promise<boolean>;
  /** Counts a reading of those that were last read over a day before. */
  touch(itemKeys: readonly string[], nowMs: number): void;
  /** Factors of the stored keys for an item's text, and of those keys, the newest first: for `explainMiss`. */
  factorsFor(itemHash: string, itemKeys?: readonly string[]): KeyFactors[];
  /** `''` where the model has not been seen yet. */
  resolvedModel(providerUrl: string, model: string): string;
  setResolvedModel(providerUrl: string, model: string, resolved: string, nowMs: number): void;
  totals(): AnswerTotals;
  close(): void;
}

/** Opens or creates it; a damaged one is set aside and made anew, with a notice. */
export async function openAnswers(layout: Layout): Promise<Answers> {
  const database = await openDatabase(layout.answers, {
    migrations: ANSWERS_MIGRATIONS,
    synchronous: 'FULL',
    rollbackJournal: layout.rollbackJournal,
    onCorrupt: 'rebuild',
  });
  const codec = lazyCodec();
  return {
    ...inFlightOf(database),
    ...modelsOf(database),
    notices: database.notices,
    database,
    lookup: lookupIn(database, codec),
    saveRequest: saveInto(database, codec),
    touch: touchIn(database),
    factorsFor: factorsIn(database),
    totals: () => totalsOf(database),
    close: () => database.close(),
  };
}

interface AnswerRow {
  readonly itemKey: string;
  readonly requestId: string;
  readonly resolvedModel: string;
  readonly ticks: number;
  readonly estimated: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly createdAt: number;
  readonly repository: string;
  readonly version: number;
  readonly checksum: string;
  readonly blob: Uint8Array;
}

function lookupIn(database: Database, codec: () => Promise<Codec>): Answers['lookup'] {
  // Of two, the complete one is kept: it comes last.
  const select = database.prepare<AnswerRow>(`SELECT item_key AS itemKey, request_id AS requestId,
    resolved_model AS resolvedModel, ticks, estimated, input_tokens AS inputTokens, cached_tokens AS cachedTokens,
    output_tokens AS outputTokens, created_at AS createdAt, repo_id AS repository, schema_version AS version,
    checksum, blob
    FROM answers WHERE item_key IN (SELECT value FROM json_each(@keys)) AND untrusted_repo IN ('', @repository)
    ORDER BY status = 'complete'`);
  return async (itemKeys, repository) => {
    const found = new Map<string, StoredAnswer>();
    const rows = itemKeys.length === 0 ? [] : select.all({ keys: JSON.stringify(itemKeys), repository });
    for (const row of rows) {
      const value = await (await codec()).decode(row.blob, row.checksum);
      const answer = value === null ? null : migrated<Answer>(ANSWER_SCHEMA, row.version, value);
      if (answer !== null) found.set(row.itemKey, storedAnswer(row, answer));
    }
    return found;
  };
}

function storedAnswer(row: AnswerRow, answer: Answer): StoredAnswer {
  const { requestId, resolvedModel, createdAt, repository } = row;
  const { ticks, estimated, inputTokens, cachedTokens, outputTokens } = row;
  const usage = { ticks, estimated: estimated === 1, inputTokens, cachedTokens, outputTokens };
  return { answer, requestId, resolvedModel, usage, createdAt, repository };
}

function saveInto(database: Database, codec: () => Promise<Codec>): Answers['saveRequest'] {
  const putRequest = database.prepare(
    'INSERT INTO requests VALUES (@requestId, @model, @usage, @at) ON CONFLICT DO NOTHING',
  );
  const put = database.prepare(`INSERT INTO answers (item_key, untrusted_repo, lens, item_hash, status,
      resolved_model, request_id, ticks, estimated, input_tokens, cached_tokens, output_tokens, created_at,
      last_accessed, size, repo_id, schema_version, checksum, cites, factors, blob)
    VALUES (@itemKey, @scope, @lens, @itemHash, @status, @model, @requestId, @ticks, @estimated, @inputTokens,
      @cachedTokens, @outputTokens, @at, @at, @size, @repository, @version, @checksum, @cites, @factors, @blob)
    ON CONFLICT(item_key, untrusted_repo) DO UPDATE SET status = excluded.status,
      resolved_model = excluded.resolved_model, request_id = excluded.request_id, ticks = excluded.ticks,
      estimated = excluded.estimated, input_tokens = excluded.input_tokens,
      cached_tokens = excluded.cached_tokens, output_tokens = excluded.output_tokens,
      created_at = excluded.created_at, last_accessed = excluded.last_accessed, access_count = 1,
      size = excluded.size, repo_id = excluded.repo_id, schema_version = excluded.schema_version,
      checksum = excluded.checksum, cites = excluded.cites, blob = excluded.blob
    WHERE answers.status <> 'complete' OR excluded.status = 'complete'`);
  return async (request) => {
    const { encode, checksum } = await codec();
    const rows = request.answers.map((answer) => {
      const blob = encode(answer.answer, 'paid');
      return { ...columnsOf(request, answer), size: blob.length, checksum: checksum(blob), blob };
    });
    const { requestId, model, at } = request;
    return database.transaction(() => {
      const usage = JSON.stringify(request.usage);
      if (putRequest.run({ requestId, model, usage, at }).changes === 0) return false;
      for (const row of rows) put.run(row);
      return true;
    });
  };
}

function columnsOf(request: AnsweredRequest, { itemKey, factors, answer, usage }: AnswerToStore) {
  return {
    ...usage,
    estimated: Number(usage.estimated),
    itemKey,
    scope: request.untrusted ? request.repository : '',
    lens: factors.lens,
    itemHash: factors.itemHash,
    status: answer.status,
    model: request.model,
    requestId: request.requestId,
    at: request.at,
    repository: request.repository,
    version: ANSWER_SCHEMA.current,
    cites: JSON.stringify(answer.cites),
    factors: JSON.stringify(factors),
  };
}

function touchIn(database: Database): Answers['touch'] {
  const touch = database.prepare(`UPDATE answers SET last_accessed = @now, access_count = access_count + 1
    WHERE item_key IN (SELECT value FROM json_each(@keys)) AND last_accessed < @before`);
  return (itemKeys, nowMs) => {
    if (itemKeys.length === 0) return;
    touch.run({ keys: JSON.stringify(itemKeys), now: nowMs, before: nowMs - ACCESS_GRAIN_MS });
  };
}

function factorsIn(database: Database): Answers['factorsFor'] {
  const select = database.prepare<{ readonly factors: string }>(`SELECT factors FROM answers
    WHERE item_hash = @hash OR item_key IN (SELECT value FROM json_each(@keys))
    ORDER BY created_at DESC, id DESC LIMIT 1000`);
  return (itemHash, itemKeys = []) =>
    select
      .all({ hash: itemHash, keys: JSON.stringify(itemKeys) })
      .map(({ factors }) => JSON.parse(factors) as KeyFactors);
}

function modelsOf(database: Database): Pick<Answers, 'resolvedModel' | 'setResolvedModel'> {
  const get = database.prepare<{ readonly resolved: string }>(
    'SELECT resolved FROM models WHERE provider_url = ? AND model = ?',
  );
  const set = database.prepare(`INSERT INTO models VALUES (@providerUrl, @model, @resolved, @nowMs)
    ON CONFLICT DO UPDATE SET resolved = excluded.resolved, seen_at = excluded.seen_at
    WHERE resolved <> excluded.resolved`);
  return {
    resolvedModel: (providerUrl, model) => get.get(providerUrl, model)?.resolved ?? '',
    setResolvedModel: (providerUrl, model, resolved, nowMs) =>
      void set.run({ providerUrl, model, resolved, nowMs }),
  };
}

function totalsOf(database: Database): AnswerTotals {
  const row = database.prepare<AnswerTotals>(`SELECT count(*) AS answers,
    (SELECT count(*) FROM requests) AS requests, total(size) AS bytes, total(ticks) AS ticks FROM answers`);
  return row.get() as AnswerTotals;
}
