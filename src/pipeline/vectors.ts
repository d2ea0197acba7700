import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../embed/embedder.ts';
import { modulePath } from '../search/module-path.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import { openGlobal } from '../store/global.ts';
import type { Layout } from '../store/layout.ts';
import type { RepositoryPlace } from '../store/repository.ts';
import { listRepositories } from '../store/repository.ts';
import type { SearchIndex, StoredChunk } from '../store/search.ts';
import type { Vectors } from '../vector/lance.ts';
import { openVectors } from '../vector/lance.ts';
import type { VectorRow } from '../vector/row.ts';
import type { OpenRepository } from './repository.ts';
import type { SearchContext } from './search-targets.ts';

export interface VectorWork {
  readonly index: SearchIndex;
  readonly vectors: Vectors;
  readonly embedder: Embedder;
  /** Texts that are embedded at most. */
  readonly limit: number;
}

export interface VectorState {
  /** Chunks, and those of them that have no vector yet. */
  readonly chunks: number;
  readonly missing: number;
}

/** So many rows are added at once: what was embedded before an interruption stays. */
const BATCH = 128;

/**
 * Brings the vectors to what the search index holds. A chunk whose text has a vector already, in this repository or in
 * another, gets that one; the rest is embedded. One process at a time; where another one is at it, what is there
 * is used as it is.
 */
export async function bringVectorsUpToDate(
  context: SearchContext,
  repository: OpenRepository,
  work: VectorWork,
): Promise<VectorState> {
  const { index, vectors } = work;
  const wanted = index.hashes();
  const stored = await vectors.stored();
  const differs = (id: number): boolean => wanted.get(id) !== stored.get(id);
  const missing = [...wanted.keys()].filter(differs);
  const gone = [...stored.keys()].filter(differs);
  if (gone.length + missing.length === 0) return { chunks: wanted.size, missing: 0 };
  const global = await openGlobal(context.layout);
  const lease = global.takeLease(`vectors ${repository.id}`, context.host.now());
  try {
    if (lease === null) return { chunks: wanted.size, missing: missing.length };
    const added = await addMissing(context, repository, work, index.chunks(missing));
    // Last: what is gone may have the vector of what has come.
    await vectors.remove(gone);
    await vectors.maintain(context.host.now());
    return { chunks: wanted.size, missing: missing.length - added };
  } finally {
    lease?.release();
    global.close();
  }
}

/** File by file, for that is where the texts are; returns how many chunks got their vector. */
async function addMissing(
  { host, pool, progress, layout }: SearchContext,
  { target, place }: OpenRepository,
  { vectors, embedder, limit }: VectorWork,
  chunks: readonly StoredChunk[],
): Promise<number> {
  const hashes = [...new Set(chunks.map(({ hash }) => hash))];
  const known = await vectors.vectorsOf(hashes);
  const unknown = hashes.filter((hash) => !known.has(hash));
  for (const [hash, vector] of await vectorsElsewhere(layout, place, embedder, unknown))
    known.set(hash, vector);
  const source = { root: target.root.root, maxFileSize: target.config.settings.analysis.maxFileSize };
  const split = newSplitter();
  let rows: VectorRow[] = [];
  let added = 0;
  let embedded = 0;
  const flush = async (): Promise<void> => {
    const full = rows;
    rows = [];
    await vectors.add(full);
    added += full.length;
  };
  progress.start('embedding', chunks.length);
  for (const [path, own] of byFile(chunks)) {
    if (host.signal.aborted) break;
    const texts = await textsOf(pool, source, path);
    for (const chunk of own) {
      const text = texts.get(chunk.hash);
      // What has changed since it was indexed has another hash: the next run's.
      if (text === undefined || host.signal.aborted) continue;
      if (!known.has(chunk.hash)) {
        if (embedded >= limit) continue;
        const [vector] = await embedder.embed([text], 'passage');
        known.set(chunk.hash, vector as Float32Array);
        embedded += 1;
      }
      rows.push(rowOf(split, chunk, text, known.get(chunk.hash) as Float32Array, embedder.id));
      progress.advance(1);
      if (rows.length >= BATCH) await flush();
    }
  }
  await flush();
  progress.stop();
  return added;
}

/** What other repositories have of these hashes, of the same model: code that was copied or checked out twice. */
async function vectorsElsewhere(
  layout: Layout,
  self: RepositoryPlace,
  { id: modelId, dimensions }: Embedder,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (const { directory, vectors: path } of listRepositories(layout)) {
    const left = hashes.filter((hash) => !found.has(hash));
    if (left.length === 0) break;
    if (directory === self.directory || !existsSync(join(path, `${modelId}.lance`))) continue;
    const vectors = await openVectors({ directory: path, modelId, dimensions });
    for (const [hash, vector] of await vectors.vectorsOf(left)) found.set(hash, vector);
    vectors.close();
  }
  return found;
}

async function textsOf(
  pool: SearchContext['pool'],
  source: { readonly root: string; readonly maxFileSize: number },
  path: string,
): Promise<ReadonlyMap<string, string>> {
  let texts: ReadonlyMap<string, string> = new Map();
  await pool.each('texts', source, [{ path, role: 'library', size: 0 }], (outcome) => {
    if (outcome.kind === 'done') texts = outcome.value;
  });
  return texts;
}

function byFile(chunks: readonly StoredChunk[]): Map<string, StoredChunk[]> {
  const groups = new Map<string, StoredChunk[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.file);
    if (group === undefined) groups.set(chunk.file, [chunk]);
    else group.push(chunk);
  }
  return groups;
}

function rowOf(
  split: Splitter,
  chunk: StoredChunk,
  text: string,
  vector: Float32Array,
  modelId: string,
): VectorRow {
  const module = modulePath(chunk.file, chunk.path);
  return {
    id: chunk.id,
    vector,
    text: `# ${chunk.file}\n# Module: ${module}\n# ${text}`,
    file_path: chunk.file,
    content_hash: chunk.contentHash,
    chunk_hash: chunk.hash,
    model_id: modelId,
    entity_type: chunk.kind,
    entity_name: chunk.name,
    language: 'rust',
    start_line: chunk.startLine,
    end_line: chunk.endLine,
    module_path: module,
    signature: chunk.signature,
    visibility: chunk.visibility,
    test: chunk.test,
    words: split(chunk.path).join(' '),
  };
}
