import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FIELDS, FIELD_WEIGHTS } from '../search/fields.ts';
import type { Notice } from '../types/run.ts';
import type { FileToIndex, StoredChunk } from './chunks.ts';
import { COMPANIONS } from './corrupt.ts';
import type { Database } from './database.ts';
import type { Layout } from './layout.ts';
import type { RepositoryPlace } from './repository.ts';
import { CHUNKS_PER_FILE, nextGeneration, putInto } from './search-put.ts';
import { SEARCH_MIGRATIONS } from './search-tables.ts';
import { openDatabase } from './sqlite.ts';
import type { VectorMarks } from './vector-marks.ts';
import { marksOf } from './vector-marks.ts';

/** Which chunks a search may find; null: all. */
export interface ChunkFilter {
  readonly kinds: readonly string[] | null;
  readonly fileIds: readonly number[] | null;
}

export interface KeywordHit {
  /** Of a chunk. */
  readonly id: number;
  /** BM25, the higher the better. */
  readonly score: number;
}

/** One repository's `search.db`: everything in it can be made again from the files. */
export interface SearchIndex {
  readonly notices: readonly Notice[];
  readonly database: Database;
  readonly marks: VectorMarks;
  /** Another number than before where any chunk has changed. */
  generation(): number;
  /** Of files that were indexed under this version: their content hashes by path. */
  indexed(version: number): Map<string, string>;
  files(): { readonly id: number; readonly path: string }[];
  /** All chunks' hashes by id. */
  hashes(): Map<number, string>;
  counts(): { readonly files: number; readonly chunks: number };
  /** Replaces what is indexed of these files, of those that differ; one transaction. */
  put(files: readonly FileToIndex[], version: number): void;
  remove(paths: readonly string[]): void;
  /** Chunks in which any of the terms stands, the best first. */
  search(terms: readonly string[], filter: ChunkFilter, limit: number): KeywordHit[];
  /** For each term, in how many chunks of which file it stands: files by id. */
  spread(terms: readonly string[]): Map<number, number>[];
  /** Chunks of that name, in any capitals. */
  named(name: string, filter: ChunkFilter): number[];
  /** Chunks with one of these very names, in any order. */
  definitions(names: readonly string[]): StoredChunk[];
  /** In any order. */
  chunks(ids: readonly number[]): StoredChunk[];
  /** Of one file, in its order. */
  chunksOf(path: string): StoredChunk[];
  close(): void;
}

/** Opens or creates it; a damaged one is set aside and made anew, with a notice. */
export async function openSearch(layout: Layout, place: RepositoryPlace): Promise<SearchIndex> {
  const database = await openDatabase(place.search, {
    migrations: SEARCH_MIGRATIONS,
    synchronous: 'NORMAL',
    rollbackJournal: layout.rollbackJournal,
    onCorrupt: 'rebuild',
  });
  return searchOver(database);
}

/** Removes the index of the repository that lies in this directory; the next search makes it again. */
export function removeIndex(directory: string): void {
  for (const suffix of COMPANIONS) rmSync(join(directory, `search.db${suffix}`), { force: true });
  rmSync(join(directory, 'embeddings.lance'), { recursive: true, force: true });
}

const COLUMNS = `chunks.id, file_id AS fileId, files.path AS file, content_hash AS contentHash, hash, kind, name, chunks.path, signature,
  visibility, test, first_line AS firstLine, start_line AS startLine, end_line AS endLine`;
const FROM = 'FROM chunks JOIN files ON files.id = file_id';
/** Holds for the chunks that a filter lets through. */
const ALLOWED = `(@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))
  AND (@fileIds IS NULL OR file_id IN (SELECT value FROM json_each(@fileIds)))`;

type Row = Omit<StoredChunk, 'test'> & { readonly test: number };

function searchOver(database: Database): SearchIndex {
  const indexed = database.prepare<{ readonly path: string; readonly hash: string }>(
    'SELECT path, content_hash AS hash FROM files WHERE version = ?',
  );
  const files = database.prepare<{ readonly id: number; readonly path: string }>(
    'SELECT id, path FROM files',
  );
  const hashes = database.prepare<{ readonly id: number; readonly hash: string }>(
    'SELECT id, hash FROM chunks',
  );
  const counts = database.prepare<{ readonly files: number; readonly chunks: number }>(
    'SELECT (SELECT count(*) FROM files) AS files, (SELECT count(*) FROM chunks) AS chunks',
  );
  const generation = database.prepare<{ readonly number: number }>('SELECT number FROM generation');
  const remove = database.prepare('DELETE FROM files WHERE path = ?');
  const next = nextGeneration(database);
  const weights = FIELDS.map((field) => FIELD_WEIGHTS[field]).join(', ');
  const ranked = `-bm25(chunk_words, ${weights}) AS score`;
  const anywhere = database.prepare<KeywordHit>(
    `SELECT rowid AS id, ${ranked} FROM chunk_words WHERE chunk_words MATCH @match ORDER BY score DESC LIMIT @limit`,
  );
  const filtered = database.prepare<KeywordHit>(
    `SELECT chunks.id, ${ranked} FROM chunk_words JOIN chunks ON chunks.id = chunk_words.rowid
      WHERE chunk_words MATCH @match AND ${ALLOWED} ORDER BY score DESC LIMIT @limit`,
  );
  const spread = database.prepare<{ readonly file: number; readonly chunks: number }>(
    `SELECT rowid / ${CHUNKS_PER_FILE} AS file, count(*) AS chunks FROM chunk_words
      WHERE chunk_words MATCH ? GROUP BY file`,
  );
  const named = database.prepare<{ readonly id: number }>(
    `SELECT id FROM chunks WHERE name = @name COLLATE NOCASE AND ${ALLOWED}`,
  );
  const byId = database.prepare<Row>(
    `SELECT ${COLUMNS} ${FROM} WHERE chunks.id IN (SELECT value FROM json_each(?))`,
  );
  const byName = database.prepare<Row>(
    `SELECT ${COLUMNS} ${FROM} WHERE name COLLATE NOCASE IN (SELECT value FROM json_each(?))`,
  );
  const byFile = database.prepare<Row>(`SELECT ${COLUMNS} ${FROM} WHERE files.path = ? ORDER BY chunks.id`);

  return {
    notices: database.notices,
    database,
    marks: marksOf(database),
    generation: () => generation.get()?.number ?? 0,
    indexed: (version) => new Map(indexed.all(version).map(({ path, hash }) => [path, hash])),
    files: () => files.all(),
    hashes: () => new Map(hashes.all().map(({ id, hash }) => [id, hash])),
    counts: () => counts.get() ?? { files: 0, chunks: 0 },
    put: putInto(database),
    remove(paths) {
      if (paths.length === 0) return;
      database.transaction(() => {
        for (const path of paths) remove.run(path);
        next();
      });
    },
    search(terms, filter, limit) {
      if (terms.length === 0) return [];
      const asked = { match: anyOf(terms), limit };
      const open = filter.kinds === null && filter.fileIds === null;
      return open ? anywhere.all(asked) : filtered.all({ ...asked, ...bound(filter) });
    },
    spread: (terms) =>
      terms.map((term) => new Map(spread.all(anyOf([term])).map(({ file, chunks }) => [file, chunks]))),
    named: (name, filter) => named.all({ name, ...bound(filter) }).map(({ id }) => id),
    definitions(names) {
      const wanted = new Set(names);
      return byName
        .all(JSON.stringify(names))
        .filter(({ name }) => wanted.has(name))
        .map(stored);
    },
    chunks: (ids) => byId.all(JSON.stringify(ids)).map(stored),
    chunksOf: (path) => byFile.all(path).map(stored),
    close: () => database.close(),
  };
}

/** A term is a quoted string of FTS5: nothing in it is an operator. */
function anyOf(terms: readonly string[]): string {
  return terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' OR ');
}

function bound({ kinds, fileIds }: ChunkFilter) {
  const listed = (values: readonly unknown[] | null) => (values === null ? null : JSON.stringify(values));
  return { kinds: listed(kinds), fileIds: listed(fileIds) };
}

function stored(row: Row): StoredChunk {
  return Object.assign(row, { test: row.test === 1 });
}
