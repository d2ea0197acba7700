// Bare ingest: the rows of a table lie in memory, a new table is made of them, as many at a time as we add.
// Usage: node bare-ingest.mjs FOLDER TABLE NEW_FOLDER; prints rows and milliseconds.
process.env.LANCEDB_LOG = 'error';
const BATCH = 2_048;
const [folder, name, fresh] = process.argv.slice(2);
const { default: lance } = await import('@lancedb/lancedb');
const source = await (await lance.connect(folder)).openTable(name);
const rows = (await source.query().toArray()).map((row) => ({
  ...row.toJSON(),
  vector: Float32Array.from(row.vector),
}));
const start = process.hrtime.bigint();
const connection = await lance.connect(fresh);
const table = await connection.createTable(name, rows.slice(0, BATCH));
for (let at = BATCH; at < rows.length; at += BATCH) await table.add(rows.slice(at, at + BATCH));
process.stdout.write(`${rows.length} ${Number(process.hrtime.bigint() - start) / 1e6}\n`);
