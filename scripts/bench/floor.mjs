// The least that a run where nothing changed must do: start Node, open SQLite, read the rows that say what is known
// of each file, list the tree and lstat every Rust file in it. Usage: node floor.mjs DATABASE FOLDER
import { lstatSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
const [database, root] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const modern = Number(process.versions.node.split('.')[0]) >= 24;
const db = modern ? new (require('node:sqlite').DatabaseSync)(database) : require('better-sqlite3')(database);
const files =
  db.prepare(`SELECT path, stamp, racy, content_hash, skip_reason, failure, role, generated, lines, items,
  units, test_units, broken, local_version, rules_hash, synced_at FROM files ORDER BY path`);
const results = db.prepare(`SELECT file_path, content_hash, cache_key, model_id, prompt_hash, schema_version,
  last_accessed, complete, missing_count, suppressed, critical, high, medium, low, info, quality, security,
  maintainability, complexity, documentation FROM file_analysis ORDER BY file_path`);
const known = new Map(files.all().map((row) => [row.path, row]));
let rows = results.all().length;
const walk = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else if (
      path.endsWith('.rs') &&
      lstatSync(path, { bigint: true }) &&
      known.has(path.slice(root.length + 1))
    )
      rows += 1;
  }
};
walk(root);
process.stdout.write(`${rows}\n`);
