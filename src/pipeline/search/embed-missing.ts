import { newSplitter } from '../../search/words.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import type { ParseInput } from '../pool.ts';
import type { OpenRepository } from '../repository.ts';
import type { ChunkPassage } from './chunked.ts';
import type { Known } from './known-vectors.ts';
import { knownVectors } from './known-vectors.ts';
import type { SearchContext } from './targets.ts';
import { inBatches } from './row-batches.ts';
import { vectorRow } from './vector-row.ts';

export interface Missing extends Known {
  readonly chunks: readonly StoredChunk[];
  /** Texts that are embedded at most, where that takes time. */
  readonly limit: number;
}

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
  const { host, progress, layout, pool } = context;
  const { vectors, embedder, chunks } = missing;
  const cheap = embedder.kind === 'builtin';
  const { root } = repository.target.root;
  const { maxFileSize } = repository.target.config.settings.analysis;
  const source = { root, maxFileSize, signal: host.signal, embeds: cheap };
  const split = newSplitter();
  const adding = inBatches(embedder, vectors);
  let left = cheap ? Infinity : missing.limit;
  progress.start('embedding', chunks.length);
  for (const portion of portions(byFile(chunks))) {
    const hashes = new Set([...portion.values()].flat().map(({ hash }) => hash));
    const known: Map<string, Made> = cheap
      ? new Map()
      : await knownVectors(layout, repository.place, missing, [...hashes]);
    const vectorOf = ({ hash, passage, vector }: ChunkPassage): Made => {
      const own = vector ?? known.get(hash);
      if (own !== undefined) return own;
      if (left <= 0) return null;
      left -= 1;
      const made = embedder.embedPassages([passage]).then(([first = null]) => first);
      known.set(hash, made);
      return made;
    };
    await pool.each('passages', source, inputs(portion), async (outcome) => {
      if (outcome.kind !== 'done') return;
      const passages = new Map(outcome.value.map((passage) => [passage.hash, passage]));
      for (const chunk of portion.get(outcome.path) ?? []) {
        const found = passages.get(chunk.hash);
        // What has changed since it was indexed has another hash: the next run's.
        if (found === undefined || host.signal.aborted) continue;
        const vector = await vectorOf(found);
        if (vector === null) continue;
        await adding.add(vectorRow(split, chunk, { passage: found.passage, vector, modelId: embedder.id }));
        progress.advance(1);
      }
    });
    // The next portion finds there what this one has embedded.
    if (!cheap) await adding.flush();
  }
  await adding.flush();
  progress.stop();
  return adding.added();
}

/** A vector, or the promise of one that is being made; null: beyond the limit. */
type Made = Float32Array | Promise<Float32Array | null> | null;

/** Their sizes are not known; chunks tell which of them are large. */
function inputs(files: ReadonlyMap<string, readonly StoredChunk[]>): ParseInput[] {
  return [...files].map(([path, chunks]) => ({
    path,
    role: 'library',
    size: chunks.length * BYTES_PER_CHUNK,
  }));
}

const BYTES_PER_CHUNK = 512;

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
