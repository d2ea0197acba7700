import { ANSWER_SCHEMA, migrated } from '../cache/schema.ts';
import type { AnswerHead } from '../types/answer.ts';
import type { AnsweredRequest, Answers, AnswerToStore, StoredAnswer } from './answers.ts';
import { codec } from './codec.ts';
import type { Database } from './database.ts';

interface AnswerRow {
  readonly itemKey: string;
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

export function lookupIn(database: Database): Answers['lookup'] {
  // Of two, the complete one is kept: it comes last.
  const select = database.prepare<AnswerRow>(`SELECT item_key AS itemKey, ticks, estimated,
    input_tokens AS inputTokens, cached_tokens AS cachedTokens, output_tokens AS outputTokens,
    created_at AS createdAt, repo_id AS repository, schema_version AS version, checksum, blob
    FROM answers WHERE item_key IN (SELECT value FROM json_each(@keys)) AND untrusted_repo IN ('', @repository)
    ORDER BY status = 'complete'`);
  return async <Kept extends AnswerHead>(itemKeys: readonly string[], repository: string) => {
    const found = new Map<string, StoredAnswer<Kept>>();
    const rows = itemKeys.length === 0 ? [] : select.all({ keys: JSON.stringify(itemKeys), repository });
    for (const row of rows) {
      const value = await (await codec()).decode(row.blob, row.checksum);
      const answer = value === null ? null : migrated<Kept>(ANSWER_SCHEMA, row.version, value);
      if (answer !== null) found.set(row.itemKey, storedAnswer(row, answer));
    }
    return found;
  };
}

function storedAnswer<Kept extends AnswerHead>(row: AnswerRow, answer: Kept): StoredAnswer<Kept> {
  const { createdAt, repository, ticks, estimated, inputTokens, cachedTokens, outputTokens } = row;
  const usage = { ticks, estimated: estimated === 1, inputTokens, cachedTokens, outputTokens };
  return { answer, usage, createdAt, repository };
}

export function saveInto(database: Database): Answers['saveRequest'] {
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
    const { pack } = await codec();
    const rows = request.answers.map((answer) => {
      const packed = pack(answer.answer, 'paid');
      return { ...columnsOf(request, answer), size: packed.blob.length, ...packed };
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
