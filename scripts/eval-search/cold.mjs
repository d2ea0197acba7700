/**
 * One query as a process of its own, as a command line pays for it: opens an index and asks.
 *   node cold.mjs sqlite|lance FOLDER TERM…      prints the number of hits
 */
import { join } from 'node:path';

const [engine, folder, ...terms] = process.argv.slice(2);

async function sqlite() {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(join(folder, 'search.db'), { readonly: true });
  const match = terms.map((term) => `"${term}"`).join(' OR ');
  const rows = database
    .prepare(
      'SELECT rowid, bm25(chunks, 4, 4, 2, 1, 1) AS score FROM chunks WHERE chunks MATCH ? ORDER BY score LIMIT 200',
    )
    .all(match);
  return rows.length;
}

async function lance() {
  process.env.LANCEDB_LOG ??= 'error';
  const { connect, MatchQuery } = await import('@lancedb/lancedb');
  const connection = await connect(folder);
  const table = await connection.openTable('chunks');
  const match = new MatchQuery(terms.join(' '), 'text');
  const rows = await table.search(match, 'fts').select(['document', '_score']).limit(200).toArray();
  return rows.length;
}

console.log(await (engine === 'sqlite' ? sqlite() : lance()));
