/** SQLite's FTS5 through the product's own adapter: one contentless table, its row ids the chunks'. */
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

export function sqliteEngine(options: SqliteOptions = SQLITE): OpenEngine {
  return async (documents, weights, folder) => {
    const database = await openDatabase(join(folder, 'search.db'), {
      migrations: [schema(options)],
      synchronous: 'NORMAL',
    });
    const engine = over(database, weights);
    await engine.replace([...documents.entries()]);
    return engine;
  };
}

function schema({ tokenizer, detail }: SqliteOptions): string {
  return `CREATE VIRTUAL TABLE chunks USING fts5(${FIELDS.join()},
    content='', contentless_delete=1, tokenize='${tokenizer}', detail=${detail});`;
}

/** A search over an open index. */
export function over(database: Database, weights: Weights): Engine {
  const ranked = `bm25(chunks, ${FIELDS.map((field) => weights[field]).join()})`;
  const search = database.prepare<{ readonly document: number; readonly score: number }>(
    `SELECT rowid AS document, -${ranked} AS score FROM chunks WHERE chunks MATCH ? ORDER BY ${ranked} LIMIT ?`,
  );
  const remove = database.prepare('DELETE FROM chunks WHERE rowid = ?');
  const insert = database.prepare(
    `INSERT INTO chunks (rowid, ${FIELDS.join()}) VALUES (?, ${FIELDS.map(() => '?').join()})`,
  );
  return {
    search: async (terms, limit) => (terms.length === 0 ? [] : search.all(matchAny(terms), limit)),
    replace: async (changed) =>
      database.transaction(() => {
        for (const [at, document] of changed) {
          remove.run(at);
          insert.run(at, ...FIELDS.map((field) => document[field].join(' ')));
        }
      }),
    close: async () => database.close(),
  };
}

/** Any of the terms; each a quoted string, so that none is read as an operator. */
export function matchAny(terms: readonly string[]): string {
  return terms.map((term) => `"${term}"`).join(' OR ');
}
