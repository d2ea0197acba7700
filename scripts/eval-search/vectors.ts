/**
 * Vectors for the comparison with keywords: the bundled embedder's, or those of a model from a folder as transformers.js
 * reads it, every text embedded once and kept in a folder, for embedding a repository takes minutes.
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FeatureExtractionPipeline } from '@huggingface/transformers';
import { openBuiltin } from '../../src/embed/builtin.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { sha256 } from '../../src/util/hash.ts';
import type { CorpusChunk, Hidden } from './corpus.ts';
import { visible } from './corpus.ts';

/** What a corpus and its queries are embedded by; unit vectors, in the order of what is given. */
export interface Model extends Pick<Embedder, 'kind'> {
  readonly name: string;
  queries(texts: readonly string[]): Promise<Float32Array[]>;
  chunks(chunks: readonly CorpusChunk[], hidden: Hidden): Promise<Float32Array[]>;
  close(): void;
}

/** `model`: `builtin`, a file of its format, or a folder. */
export async function openModel(model: string, cache: string): Promise<Model> {
  if (model !== 'builtin' && !model.endsWith('.bin')) return openFolder(model, cache);
  const { embedQueries, embedPassages } = model === 'builtin' ? openBuiltin() : openBuiltin(model);
  return {
    name: basename(model, '.bin'),
    kind: 'builtin',
    queries: embedQueries,
    chunks: (chunks, hidden) =>
      embedPassages(chunks.map((chunk) => ({ ...visible(chunk, hidden), file: chunk.file }))),
    close: () => undefined,
  };
}

/** Characters of a chunk that are embedded: about 160 tokens, beyond which time grows and little is gained. */
const LONGEST = 600;
const PROGRESS = 500;

/** Folder of a 384-dimensional model whose texts are prefixed as E5 wants it. */
async function openFolder(model: string, cache: string): Promise<Model> {
  mkdirSync(cache, { recursive: true });
  const database = await openDatabase(join(cache, 'vectors.db'), {
    migrations: ['CREATE TABLE vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;'],
    synchronous: 'NORMAL',
  });
  const get = database.prepare<{ readonly vector: Uint8Array }>('SELECT vector FROM vectors WHERE key = ?');
  const put = database.prepare('INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)');
  let extract: FeatureExtractionPipeline | undefined;

  async function one(text: string): Promise<Float32Array> {
    const key = sha256(`${model}\0${text}`);
    const known = get.get(key)?.vector;
    if (known !== undefined) return new Float32Array(known.slice().buffer);
    extract ??= await load(model);
    const { data } = await extract(text, { pooling: 'mean', normalize: true });
    const vector = Float32Array.from(data as Float32Array);
    put.run(key, new Uint8Array(vector.buffer));
    return vector;
  }
  async function all(texts: readonly string[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      vectors.push(await one(text));
      if (vectors.length % PROGRESS === 0) console.error(`${vectors.length}/${texts.length} vectors`);
    }
    return vectors;
  }
  return {
    name: basename(model),
    kind: 'transformers',
    queries: (texts) => all(texts.map((text) => `query: ${text}`)),
    chunks: (chunks, hidden) => all(chunks.map((chunk) => `passage: ${chunkText(chunk, hidden)}`)),
    close: () => database.close(),
  };
}

async function load(model: string): Promise<FeatureExtractionPipeline> {
  const { env, pipeline } = await import('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = '';
  return pipeline('feature-extraction', model, { dtype: 'q8', session_options: { intraOpNumThreads: 1 } });
}

/** What is embedded of a chunk: where it stands and what it says, then as much of its code as there is room for. */
export function chunkText(chunk: CorpusChunk, hidden: Hidden): string {
  const { doc } = visible(chunk, hidden);
  return [chunk.file, chunk.path, doc, chunk.code]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, LONGEST);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
