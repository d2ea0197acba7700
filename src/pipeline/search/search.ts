import type { Embedder } from '../../embed/embedder.ts';
import { UserError } from '../../errors.ts';
import type { SearchReport, SearchResult } from '../../report/search-model.ts';
import { matchingLines } from '../../search/matches.ts';
import { modulePath } from '../../search/module-path.ts';
import type { Ranked } from '../../search/rank.ts';
import type { Notice } from '../../types/run.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { textOf } from './chunk-text.ts';
import type { OpenIndex } from './open-index.ts';
import type { Found } from './candidates.ts';
import type { Retrieval, Retrieved } from './retrieve.ts';
import { retrieve } from './retrieve.ts';

export interface SearchRequest extends Retrieval {
  readonly content: 'matches' | 'whole' | 'none';
}

/** What a chunk can be. */
export const KINDS: readonly string[] = [
  ...['fn', 'struct', 'enum', 'union', 'trait', 'impl', 'mod', 'const', 'static', 'type', 'macro'],
  ...['use', 'extern', 'extern crate', 'rest'],
];

/** `fn,struct`; throws a UserError that names the kinds. */
export function checkedKinds(list: string): string[] {
  const kinds = list.split(',').map((kind) => kind.trim());
  const wrong = kinds.find((kind) => !KINDS.includes(kind));
  if (wrong === undefined) return kinds;
  throw new UserError('usage', `there is no kind "${wrong}"`, `Known: ${KINDS.join(', ')}.`);
}

const MATCHES = 3;

/** Searches all indexes as one. */
export async function search(
  indexes: readonly OpenIndex[],
  embedder: Embedder | null,
  request: SearchRequest,
  notices: readonly Notice[],
): Promise<SearchReport> {
  const retrieved = await retrieve(indexes, embedder, request);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    query: request.query,
    mode: retrieved.mode,
    model: retrieved.model,
    results: retrieved.ranked.map((one) => resultOf(retrieved, one, request)),
    notices: [...notices, ...retrieved.notices],
  };
}

function resultOf(
  { split, query }: Retrieved,
  { candidate, score }: Ranked<Found>,
  { content }: SearchRequest,
): SearchResult {
  const { chunk, index, keyword, vector } = candidate;
  const text = textOf(index, chunk);
  const matches = text === null || content === 'none' ? [] : matchingLines(split, text, query.terms, MATCHES);
  return {
    root: index.root,
    repository: index.id,
    path: chunk.file,
    startLine: chunk.startLine,
    endLine: chunk.endLine,
    kind: chunk.kind,
    name: chunk.name,
    modulePath: modulePath(chunk.file, chunk.path),
    signature: chunk.signature,
    score,
    parts: { keyword, vector },
    stale: text === null,
    matches: matches.map(({ line, text: own }) => ({ line: chunk.firstLine + line, text: own })),
    ...(content === 'whole' && text !== null ? { content: text } : {}),
  };
}
