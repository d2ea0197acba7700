import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../embed/embedder.ts';
import { modulePath } from '../../search/module-path.ts';
import type { Splitter } from '../../search/words.ts';
import { newSplitter } from '../../search/words.ts';
import type { Layout } from '../../store/layout.ts';
import type { RepositoryPlace } from '../../store/repository.ts';
import { listRepositories } from '../../store/repository.ts';
import type { StoredChunk } from '../../store/search.ts';
import { isDamaged } from '../../vector/fault.ts';
import type { Vectors } from '../../vector/lance.ts';
import { openVectors } from '../../vector/lance.ts';
import type { VectorRow } from '../../vector/row.ts';
import type { OpenRepository } from '../repository.ts';
import type { SearchContext } from './targets.ts';

export interface Missing {
  readonly chunks: readonly StoredChunk[];
  /** Vectors that are at hand already, by the hash of what was embedded. */
  readonly kept: ReadonlyMap<string, Float32Array>;
  readonly vectors: Vectors;
  readonly embedder: Embedder;
  /** Texts that are embedded at most. */
  readonly limit: number;
}

/** So many rows are added at once: what was embedded before an interruption stays. */
const BATCH = 128;
/** The vectors of so many chunks are held in memory at once, some 6 MB. */
const PORTION = 4_096;

/**
 * Gives each chunk its vector, file by file, for that is where the texts are: one that is stored in this repository or
 * in another, else that of its text. Returns how many chunks got theirs.
 */
export async function addMissing(
  context: SearchContext,
  repository: OpenRepository,
  missing: Missing,
): Promise<number> {
  const { host, progress, layout } = context;
  const { vectors, embedder } = missing;
  const split = newSplitter();
  let left = missing.limit;
  let added = 0;
  let rows: VectorRow[] = [];
  const flush = async (): Promise<void> => {
    const full = rows;
    rows = [];
    await vectors.add(full);
    added += full.length;
  };
  progress.start('embedding', missing.chunks.length);
  for (const portion of portions(byFile(missing.chunks))) {
    const hashes = new Set([...portion.values()].flat().map(({ hash }) => hash));
    const known = await knownOf(layout, repository.place, missing, [...hashes]);
    for (const [path, own] of portion) {
      if (host.signal.aborted) break;
      const texts = await textsOf(context, repository, path);
      for (const chunk of own) {
        const text = texts.get(chunk.hash);
        // What has changed since it was indexed has another hash: the next run's.
        if (text === undefined || host.signal.aborted) continue;
        if (!known.has(chunk.hash)) {
          if (left <= 0) continue;
          left -= 1;
          const [vector] = await embedder.embed([text], 'passage');
          known.set(chunk.hash, vector as Float32Array);
        }
        rows.push(rowOf(split, chunk, text, known.get(chunk.hash) as Float32Array, embedder.id));
        progress.advance(1);
        if (rows.length >= BATCH) await flush();
      }
    }
    // The next portion finds there what this one has embedded.
    await flush();
  }
  progress.stop();
  return added;
}

/** What is stored of these hashes, here or elsewhere. */
async function knownOf(
  layout: Layout,
  place: RepositoryPlace,
  { vectors, embedder, kept }: Missing,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const known = await vectors.vectorsOf(hashes);
  for (const hash of hashes) {
    const vector = kept.get(hash);
    if (vector !== undefined) known.set(hash, vector);
  }
  const unknown = hashes.filter((hash) => !known.has(hash));
  for (const [hash, vector] of await vectorsElsewhere(layout, place, embedder, unknown))
    known.set(hash, vector);
  return known;
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
    try {
      const vectors = await openVectors({ directory: path, modelId, dimensions });
      for (const [hash, vector] of await vectors.vectorsOf(left).finally(vectors.close))
        found.set(hash, vector);
    } catch (error) {
      // That repository's next search mends it.
      if (!isDamaged(error)) throw error;
    }
  }
  return found;
}

async function textsOf(
  { pool }: SearchContext,
  { target }: OpenRepository,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const source = { root: target.root.root, maxFileSize: target.config.settings.analysis.maxFileSize };
  let texts: ReadonlyMap<string, string> = new Map();
  await pool.each('texts', source, [{ path, role: 'library', size: 0 }], (outcome) => {
    if (outcome.kind === 'done') texts = outcome.value;
  });
  return texts;
}

/** Whole files, about so many chunks of them at a time. */
function* portions(
  files: ReadonlyMap<string, readonly StoredChunk[]>,
): Generator<Map<string, readonly StoredChunk[]>> {
  let portion = new Map<string, readonly StoredChunk[]>();
  let chunks = 0;
  for (const [path, own] of files) {
    portion.set(path, own);
    chunks += own.length;
    if (chunks < PORTION) continue;
    yield portion;
    portion = new Map();
    chunks = 0;
  }
  if (chunks > 0) yield portion;
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
