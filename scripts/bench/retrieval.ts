/** Times questions in a running process: our retrieval and LanceDB's own hybrid query over the same rows. */
import { openIndex } from '../../src/pipeline/search/open-index.ts';
import { createPool } from '../../src/pipeline/pool.ts';
import { retrieve } from '../../src/pipeline/search/retrieve.ts';
import type { Target } from '../../src/pipeline/targets.ts';
import { targetsFor } from '../../src/pipeline/targets.ts';
import { SILENT } from '../../src/report/progress.ts';
import { openLayout } from '../../src/store/layout.ts';
import { connect } from '../../src/vector/library.ts';
import { countingEmbedder, hostOf } from '../../test/support/indexed.ts';
import { median } from '../support/run.ts';

export interface Asked {
  readonly home: string;
  readonly tree: string;
  /** The table's name: the embedder's id. */
  readonly id: string;
  /** A copy of the table with LanceDB's full-text index. */
  readonly theirs: string;
  readonly rounds: number;
}

const QUERIES = [
  ...['parse a line of words', 'trait object method resolution', 'completion of macros'],
  ...['resolve the path of a module', 'error recovery', 'hash map entry', 'write diagnostics to the client'],
];

/** Milliseconds, p50. */
export async function retrievals({ home, tree, id, theirs, rounds }: Asked) {
  const embedder = countingEmbedder(id);
  const host = hostOf(home);
  const pool = createPool();
  const context = { host, layout: openLayout(home), pool, progress: SILENT, embedder };
  const [target] = await targetsFor(host, [tree]);
  const index = await openIndex(context, target as Target, 'as it is');
  const { lance, connection } = await connect(theirs);
  const table = await connection.openTable(id);
  const reranker = await lance.rerankers.RRFReranker.create();
  const request = { like: null, mode: 'hybrid', limit: 10, unit: 'item', kinds: null, allows: null } as const;
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const query = QUERIES[round % QUERIES.length] as string;
    const [vector] = await embedder.embedQueries([query]);
    let began = performance.now();
    await retrieve([index], embedder, { ...request, query });
    times.ours.push(performance.now() - began);
    began = performance.now();
    await table
      .query()
      .nearestTo(vector as Float32Array)
      .distanceType('dot')
      .fullTextSearch(query, { columns: 'text' })
      .rerank(reranker)
      .select(['id', 'file_path', 'start_line', 'signature'])
      .limit(10)
      .toArray();
    times.theirs.push(performance.now() - began);
  }
  index.close();
  table.close();
  connection.close();
  await pool.close();
  return { ours: median(times.ours), theirs: median(times.theirs) };
}
