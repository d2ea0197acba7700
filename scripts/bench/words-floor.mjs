// The least that a search by words must do: start Node, open SQLite, ask the full-text index once.
// Usage: node words-floor.mjs DATABASE TERM...
import { createRequire } from 'node:module';
const [database, ...terms] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const modern = Number(process.versions.node.split('.')[0]) >= 24;
const db = modern ? new (require('node:sqlite').DatabaseSync)(database) : require('better-sqlite3')(database);
const query = db.prepare(`SELECT path, start_line, signature FROM (SELECT rowid AS id, rank FROM chunk_words
  WHERE chunk_words MATCH ? ORDER BY rank LIMIT 10) JOIN chunks USING (id)`);
for (const row of query.all(terms.join(' OR ')))
  console.log(`${row.path}:${row.start_line} ${row.signature}`);
