/**
 * Sentence vectors for the comparison with keywords: a model from a folder as transformers.js reads it, every text
 * embedded once and kept in a folder, for embedding a repository takes minutes.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureExtractionPipeline } from '@huggingface/transformers';
import { openDatabase } from '../../src/store/sqlite.ts';
import { sha256 } from '../../src/util/hash.ts';
import type { CorpusChunk, Hidden } from './corpus.ts';
import { visible } from './corpus.ts';

export interface Embedder {
  /** Unit vectors, in the order of the texts. */
  embed(texts: readonly string[], kind: 'query' | 'passage'): Promise<Float32Array[]>;
  close(): void;
}

/** Characters of a chunk that are embedded: about 160 tokens, beyond which time grows and little is gained. */
const LONGEST = 600;
const PROGRESS = 500;

/** `model`: folder of a 384-dimensional model whose texts are prefixed as E5 wants it. */
export async function openEmbedder(model: string, cache: string): Promise<Embedder> {
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
  return {
    embed: async (texts, kind) => {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        vectors.push(await one(`${kind}: ${text}`));
        if (vectors.length % PROGRESS === 0) console.error(`${vectors.length}/${texts.length} vectors`);
      }
      return vectors;
    },
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
