/**
 * What LanceDB's IVF_FLAT, which a large table gets, costs in found neighbours and brings in time, against looking at every row:
 *   tsx scripts/bench/nearest.ts FOLDER [--rows 60000] [--queries 200]
 * FOLDER holds Rust code enough for so many chunks; vectors are the bundled embedder's, queries the first sentences of
 * documentation, the table and its index what `src/vector` makes of them.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { openBuiltin } from '../../src/embed/builtin.ts';
import type { Passage } from '../../src/embed/embedder.ts';
import { readSource } from '../../src/repo/source.ts';
import { chunksOf } from '../../src/search/chunks.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { newColumns } from '../../src/vector/columns.ts';
import { openVectors } from '../../src/vector/lance.ts';
import { connect } from '../../src/vector/library.ts';
import type { VectorRow } from '../../src/vector/row.ts';
import { firstSentence } from '../eval-search/sentence.ts';
import { median } from '../support/run.ts';
import { rustFiles } from './tree.ts';

const { values: flags, positionals } = parseArgs({
  options: { rows: { type: 'string', default: '60000' }, queries: { type: 'string', default: '200' } },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined) throw new Error('which folder?');
const wanted = Number(flags.rows);
const MAX_FILE_SIZE = 2 ** 20;
/** What a search takes of each index, and what people look at. */
const TAKEN = 400;
const SHOWN = 10;
const BATCH = 4_096;

const embedder = openBuiltin();
const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-nearest-')));
process.env['LANCEDB_LOG'] = 'error';

async function* passages(root: string): AsyncGenerator<Passage> {
  const grammar = await loadGrammar();
  for (const path of rustFiles(root)) {
    const source = readSource(path, MAX_FILE_SIZE);
    if (source.kind === 'skip') continue;
    const syntax = parseFile(grammar, source.text);
    if (syntax.generated) continue;
    for (const { kind, path: item, signature, doc, code } of chunksOf(syntax))
      yield { file: relative(root, path), kind, path: item, signature, doc, code };
  }
  grammar.close();
}

function rowOf(id: number, vector: Float32Array, { file, kind, path, signature }: Passage): VectorRow {
  const texts = { text: '', content_hash: '', module_path: '', visibility: '', words: '' };
  const place = { file_path: file, entity_type: kind, entity_name: path, signature };
  const lines = { start_line: 1, end_line: 1, test: false, language: 'rust' };
  return { id, vector, chunk_hash: String(id), model_id: embedder.id, ...texts, ...place, ...lines };
}

interface Answers {
  readonly ids: readonly (readonly number[])[];
  readonly ms: number;
}

const vectors = await openVectors({ directory: work, modelId: embedder.id, dimensions: embedder.dimensions });

type Ask = (query: Float32Array) => Promise<readonly number[]>;

async function answers(ask: Ask, queries: readonly Float32Array[]): Promise<Answers> {
  const times: number[] = [];
  const ids: (readonly number[])[] = [];
  for (const query of queries) {
    const began = performance.now();
    const found = await ask(query);
    times.push(performance.now() - began);
    ids.push(found);
  }
  return { ids, ms: median(times) };
}

/** Share of the first so many that the other has among its own first so many. */
function recall(exact: Answers, other: Answers, count: number): number {
  const shares = exact.ids.map((ids, at) => {
    const found = new Set(other.ids[at]?.slice(0, count));
    const best = ids.slice(0, count);
    return best.filter((id) => found.has(id)).length / best.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

try {
  const sentences: string[] = [];
  let rows = newColumns(BATCH);
  let count = 0;
  for await (const passage of passages(folder)) {
    const [vector = new Float32Array(384)] = await embedder.embedPassages([{ ...passage, doc: '' }]);
    rows.add(rowOf((count += 1), vector, passage));
    const sentence = firstSentence(passage.doc);
    if (sentence !== null) sentences.push(sentence);
    if (rows.length() === BATCH || count === wanted) {
      await vectors.add(rows);
      rows = newColumns(BATCH);
    }
    if (count === wanted) break;
  }
  if (count < wanted) throw new Error(`${folder} has ${count} chunks alone`);
  const step = Math.max(1, Math.floor(sentences.length / Number(flags.queries)));
  const queries = await embedder.embedQueries(sentences.filter((_, at) => at % step === 0));
  const began = performance.now();
  await vectors.maintain(Date.now(), null);
  const built = (performance.now() - began) / 1000;
  const indexed = async (query: Float32Array) => (await vectors.nearest(query, TAKEN)).map(({ id }) => id);
  const { connection } = await connect(work);
  const table = await connection.openTable(embedder.id);
  const [index] = await table.listIndices();
  const { numIndexedRows = 0 } = (await table.indexStats(index?.name ?? '')) ?? {};
  const every = async (query: Float32Array): Promise<number[]> => {
    const search = table.query().nearestTo(query).distanceType('dot').bypassVectorIndex();
    const found = await search.select(['id', '_distance']).limit(TAKEN).toArrow();
    return Array.from(found.getChild('id') ?? [], Number);
  };
  await answers(every, queries.slice(0, 5));
  const exact = await answers(every, queries);
  await answers(indexed, queries.slice(0, 5));
  const near = await answers(indexed, queries);
  console.log(
    `${count} rows, ${queries.length} queries for ${TAKEN} rows each; ${numIndexedRows} in the index, made in ${built.toFixed(1)} s`,
  );
  console.log(`every row: p50 ${exact.ms.toFixed(1)} ms; IVF_FLAT: p50 ${near.ms.toFixed(1)} ms`);
  for (const shown of [SHOWN, TAKEN])
    console.log(`recall@${shown} of IVF_FLAT: ${recall(exact, near, shown).toFixed(3)}`);
} finally {
  vectors.close();
  rmSync(work, { recursive: true, force: true });
}
