import type { Field } from '../search/fields.ts';
import { FIELDS } from '../search/fields.ts';

/**
 * `search.db`, one per repository; numbered by place, append-only. The full-text tables keep no text (`content=''`):
 * what they are searched for, terms split and stemmed by `search/words.ts`, stands in them alone, and the code in the
 * files. A row of theirs goes with the row that it belongs to.
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

  ${fullText('chunk_words')}
  ${fullText('file_words')}

  CREATE TRIGGER chunk_gone AFTER DELETE ON chunks BEGIN DELETE FROM chunk_words WHERE rowid = old.id; END;
  CREATE TRIGGER file_gone AFTER DELETE ON files BEGIN DELETE FROM file_words WHERE rowid = old.id; END;
  `,
];

/** Terms come apart at blanks alone: they are ASCII or whatever letters the code has. */
function fullText(table: string): string {
  const columns: readonly Field[] = FIELDS;
  return `CREATE VIRTUAL TABLE ${table} USING fts5(${columns.join(', ')},
    content='', contentless_delete=1, tokenize='ascii', detail=full);`;
}
