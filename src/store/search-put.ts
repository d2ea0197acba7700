import { FIELDS } from '../search/fields.ts';
import type { FileToIndex } from './chunks.ts';
import type { Database } from './database.ts';

/** So that a chunk's id tells its file: more no file has that is small enough to be read. */
export const CHUNKS_PER_FILE = 2 ** 20;

/** Another number for each change of the chunks, and for each file. */
export function nextGeneration(database: Database): () => number {
  const next = database.prepare<{ readonly number: number }>(
    'UPDATE generation SET number = number + 1 RETURNING number',
  );
  return () => (next.get() as { readonly number: number }).number;
}

/** See `SearchIndex.put`. */
export function putInto(database: Database): (files: readonly FileToIndex[], version: number) => void {
  const same = database.prepare(
    'SELECT 1 FROM files WHERE path = @path AND content_hash = @contentHash AND version = @version',
  );
  const next = nextGeneration(database);
  const remove = database.prepare('DELETE FROM files WHERE path = ?');
  const addFile = database.prepare('INSERT INTO files VALUES (@fileId, @path, @contentHash, @version)');
  const addChunk = database.prepare(
    `INSERT INTO chunks VALUES (@id, @fileId, @hash, @kind, @name, @path, @signature, @visibility, @test,
      @firstLine, @startLine, @endLine)`,
  );
  const addWords = database.prepare(
    `INSERT INTO chunk_words (rowid, ${FIELDS.join(', ')})
      VALUES (@id, ${FIELDS.map((field) => `@${field}`).join(', ')})`,
  );
  return (files, version) =>
    database.transaction(() => {
      for (const { path, contentHash, chunks } of files) {
        // Another process may have been at it too.
        if (same.get({ path, contentHash, version }) !== undefined) continue;
        remove.run(path);
        const fileId = next();
        addFile.run({ fileId, path, contentHash, version });
        for (const [at, { words, test, ...head }] of chunks.slice(0, CHUNKS_PER_FILE).entries()) {
          const id = fileId * CHUNKS_PER_FILE + at;
          addChunk.run({ id, fileId, ...head, test: Number(test) });
          addWords.run({ id, ...words });
        }
      }
    });
}
