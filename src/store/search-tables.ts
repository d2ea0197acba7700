import { FIELDS } from '../search/fields.ts';

/**
 * `search.db`, one per repository; numbered by place, append-only. The full-text table keeps no text (`content=''`):
 * what it is searched for, terms split and stemmed by `search/words.ts`, stands in it alone, and the code in the files.
 * A row of it goes with its chunk.
 */
export const SEARCH_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    -- Of the chunks and their terms; see INDEX_VERSION.
    version INTEGER NOT NULL
  );

  -- id: the file's times CHUNKS_PER_FILE, and the chunk's number in it.
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    signature TEXT NOT NULL,
    visibility TEXT NOT NULL,
    test INTEGER NOT NULL,
    first_line INTEGER NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL
  );
  CREATE INDEX chunks_file ON chunks(file_id);
  CREATE INDEX chunks_name ON chunks(name COLLATE NOCASE);

  -- Terms come apart at blanks alone: they are ASCII, or whatever letters the code has. Without the places of terms
  -- (\`detail\`) a table without text knows not how often one stands in a row.
  CREATE VIRTUAL TABLE chunk_words USING fts5(${FIELDS.join(', ')},
    content='', contentless_delete=1, tokenize='ascii', detail=full);
  CREATE TRIGGER chunk_gone AFTER DELETE ON chunks BEGIN DELETE FROM chunk_words WHERE rowid = old.id; END;
  `,
  `
  -- One row, counted up with every change of a file. It is the next file's id: none is used twice, also not after the
  -- database was made anew, so that a vector that is left from before is never taken for another chunk's.
  CREATE TABLE generation (number INTEGER NOT NULL);
  INSERT INTO generation SELECT max(coalesce(max(id), 0), abs(random() % 4294967296)) FROM files;

  CREATE TABLE vector_tables (
    model_id TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    version INTEGER NOT NULL,
    optimized_at INTEGER,
    due_at INTEGER
  ) WITHOUT ROWID;
  `,
];
