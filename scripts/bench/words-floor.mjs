// The least that a search by words must do: start Node, open SQLite, ask the full-text index once; with a folder, list
// and lstat its Rust files too, as who wants to know what has changed must.
// Usage: node words-floor.mjs DATABASE QUERY [FOLDER]
import { lstatSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
const [database, query, folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const modern = Number(process.versions.node.split('.')[0]) >= 24;
const db = modern ? new (require('node:sqlite').DatabaseSync)(database) : require('better-sqlite3')(database);
let files = 0;
const walk = (path) => {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = `${path}/${entry.name}`;
    if (entry.isDirectory()) walk(below);
    else if (below.endsWith('.rs') && lstatSync(below, { bigint: true })) files += 1;
  }
};
if (folder !== undefined) walk(folder);
const found = db.prepare(`SELECT path, start_line, signature FROM (SELECT rowid AS id, rank FROM chunk_words
  WHERE chunk_words MATCH ? ORDER BY rank LIMIT 10) JOIN chunks USING (id)`);
for (const row of found.all(query)) console.log(`${row.path}:${row.start_line} ${row.signature} ${files}`);
