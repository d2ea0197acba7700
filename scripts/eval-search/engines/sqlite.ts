/** SQLite's FTS5 through the product's own adapter: one contentless table. */
import { join } from 'node:path';
import { FIELDS } from '../../../src/search/fields.ts';
import type { Database } from '../../../src/store/sqlite.ts';
import { openDatabase } from '../../../src/store/sqlite.ts';
import type { Engine, OpenEngine, Weights } from './engine.ts';

export interface SqliteOptions {
  /** The terms are split and stemmed already: this one only has to cut at spaces. */
  readonly tokenizer: string;
  /** What of a term's places is kept. */
  readonly detail: 'full' | 'column' | 'none';
}

export const SQLITE: SqliteOptions = { tokenizer: 'ascii', detail: 'full' };

/** A row id is the file's number times this, plus the chunk's number in the file: a file's chunks are a range. */
const CHUNKS = 2 ** 20;

export function sqliteEngine(options: SqliteOptions = SQLITE): OpenEngine {
  return async ({ documents, files, weights, folder }) => {
    const database = await openDatabase(join(folder, 'search.db'), {
      migrations: [schema(options)],
      synchronous: 'NORMAL',
    });
    const engine = over(database, files, weights);
    await engine.replace([...documents.entries()]);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return engine;
  };
}

function schema({ tokenizer, detail }: SqliteOptions): string {
  return `CREATE VIRTUAL TABLE chunks USING fts5(${FIELDS.join()},
    content='', contentless_delete=1, tokenize='${tokenizer}', detail=${detail});`;
}

function over(database: Database, files: readonly number[], weights: Weights): Engine {
  const first = new Map<number, number>();
  files.forEach((file, at) => first.has(file) || first.set(file, at));
  const rowOf = (at: number): number => {
    const file = files[at] as number;
    return file * CHUNKS + at - (first.get(file) as number);
  };
  const documentOf = (row: number): number =>
    (first.get(Math.floor(row / CHUNKS)) as number) + (row % CHUNKS);
  const ranked = `bm25(chunks, ${FIELDS.map((field) => weights[field]).join()})`;
  const search = database.prepare<{ readonly row: number; readonly score: number }>(
    `SELECT rowid AS row, -${ranked} AS score FROM chunks WHERE chunks MATCH ? ORDER BY ${ranked} LIMIT ?`,
  );
  const spread = database.prepare<{ readonly file: number; readonly chunks: number }>(
    `SELECT rowid / ${CHUNKS} AS file, count(*) AS chunks FROM chunks WHERE chunks MATCH ? GROUP BY 1`,
  );
  const remove = database.prepare('DELETE FROM chunks WHERE rowid = ?');
  const insert = database.prepare(
    `INSERT INTO chunks (rowid, ${FIELDS.join()}) VALUES (?, ${FIELDS.map(() => '?').join()})`,
  );
  return {
    search: async (terms, limit) => {
      if (terms.length === 0) return [];
      const rows = search.all(matchAny(terms), limit);
      return rows.map(({ row, score }) => ({ document: documentOf(row), score }));
    },
    spread: async (terms) =>
      terms.map((term) => new Map(spread.all(matchAny([term])).map(({ file, chunks }) => [file, chunks]))),
    replace: async (changed) =>
      database.transaction(() => {
        for (const [at, document] of changed) {
          remove.run(rowOf(at));
          insert.run(rowOf(at), ...FIELDS.map((field) => document[field].join(' ')));
        }
      }),
    close: async () => database.close(),
  };
}

/** Any of the terms; each a quoted string, so that none is read as an operator. */
function matchAny(terms: readonly string[]): string {
  return terms.map((term) => `"${term}"`).join(' OR ');
}
