import { UserError } from '../errors.ts';
import type { Query } from '../search/query.ts';
import { readQuery } from '../search/query.ts';
import type { Candidate, Ranked } from '../search/rank.ts';
import { rank, RECIPE } from '../search/rank.ts';
import { matchingLines } from '../search/matches.ts';
import { modulePath } from '../search/module-path.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import { readSource } from '../repo/source.ts';
import type { SearchReport, SearchResult } from '../report/search-model.ts';
import type { ChunkFilter, SearchIndex, StoredChunk } from '../store/search.ts';
import type { Notice } from '../types.ts';
import { sha256 } from '../util/hash.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import type { OpenIndex } from './open-index.ts';

export interface SearchRequest {
  readonly query: string;
  /** Results at most. */
  readonly limit: number;
  /** Item kinds; null: all. */
  readonly kinds: readonly string[] | null;
  /** Whether a file may be searched; null: all may. */
  readonly allows: ((path: string) => boolean) | null;
  readonly content: 'matches' | 'whole' | 'none';
}

const KINDS: readonly string[] = [
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

/** Chunks taken from each repository's index: what the rules of the ranking lift comes from further down. */
const CANDIDATES = 200;
const MATCHES = 3;

export interface Found extends Candidate {
  readonly chunk: StoredChunk;
  readonly index: OpenIndex;
}

/** Candidates of all indexes, ranked together. Throws UserError where there is nothing to look for. */
export function rankedIn(
  split: Splitter,
  indexes: readonly OpenIndex[],
  request: Pick<SearchRequest, 'query' | 'limit' | 'kinds' | 'allows'>,
): Ranked<Found>[] {
  const query = readQuery(split, request.query);
  if (query.terms.length === 0 && query.symbol === null) throw nothingToLookFor(request.query);
  const found = indexes.flatMap((index) => candidatesIn(index, query, request));
  return rank(split, query, found, { ...RECIPE, lambda: 0 }).slice(0, request.limit);
}

/** Searches all indexes as one. */
export function search(
  indexes: readonly OpenIndex[],
  request: SearchRequest,
  notices: readonly Notice[],
): SearchReport {
  const split = newSplitter();
  const ranked = rankedIn(split, indexes, request);
  const { terms } = readQuery(split, request.query);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    query: request.query,
    mode: 'keyword',
    model: null,
    results: ranked.map((one) => resultOf(split, terms, one, request)),
    notices,
  };
}

function nothingToLookFor(query: string): UserError {
  if (query.trim() === '')
    return new UserError('usage', 'the query is empty', 'Say what to look for in a few words.');
  const hint = 'Words like "the" and "for" are in everything: say what the code is about.';
  return new UserError('usage', 'there is no word in the query to look for', hint);
}

function candidatesIn(
  open: OpenIndex,
  query: Query,
  { kinds, allows }: Pick<SearchRequest, 'kinds' | 'allows'>,
): Found[] {
  const { index } = open;
  const files = allows === null ? null : index.files().filter(({ path }) => allows(path));
  const filter: ChunkFilter = { kinds, fileIds: files === null ? null : files.map(({ id }) => id) };
  const keyword = new Map(index.search(query.terms, filter, CANDIDATES).map(({ id, score }) => [id, score]));
  const named = query.symbol === null ? [] : index.named(query.symbol.at(-1) ?? '', filter);
  const chunks = index.chunks([...new Set([...keyword.keys(), ...named])]);
  if (chunks.length === 0) return [];
  const fileScores = wholeFiles(index, query);
  return chunks.map((chunk) => ({
    chunk,
    index: open,
    ...{ file: chunk.file, name: chunk.name, path: chunk.path, test: chunk.test },
    keyword: keyword.get(chunk.id) ?? null,
    vector: null,
    fileScore: fileScores.get(chunk.fileId) ?? 0,
  }));
}

function wholeFiles(index: SearchIndex, { terms }: Query): Map<number, number> {
  return new Map(index.fileScores(terms).map(({ id, score }) => [id, score]));
}

function resultOf(
  split: Splitter,
  terms: readonly string[],
  { candidate, score }: Ranked<Found>,
  { content }: SearchRequest,
): SearchResult {
  const { chunk, index, keyword, vector } = candidate;
  const text = textOf(index, chunk);
  const matches = text === null || content === 'none' ? [] : matchingLines(split, text, terms, MATCHES);
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

/** The chunk's lines as the file has them; null where the file is another by now. */
export function textOf({ root, maxFileSize }: OpenIndex, chunk: StoredChunk): string | null {
  const read = readSource(`${root}/${chunk.file}`, maxFileSize);
  if (read.kind !== 'text' || sha256(read.bytes) !== chunk.contentHash) return null;
  return read.text
    .split('\n')
    .slice(chunk.firstLine - 1, chunk.endLine)
    .join('\n');
}
