import { connect } from '../../src/vector/library.ts';

/** Gives a table LanceDB's own full-text index of the texts, and leaves it in one piece. */
export async function withTextIndex(folder: string, name: string): Promise<void> {
  const { lance, connection } = await connect(folder);
  const table = await connection.openTable(name);
  await table.createIndex('text', { config: lance.Index.fts({ withPosition: false }) });
  await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
  table.close();
  connection.close();
}
