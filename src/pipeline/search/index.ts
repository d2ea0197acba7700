import type { Walk } from '../../repo/walk.ts';
import type { FileToIndex } from '../../store/chunks.ts';
import type { SearchIndex } from '../../store/search.ts';
import { INDEX_VERSION } from '../../version.ts';
import type { RefreshContext } from '../refresh.ts';
import type { OpenRepository } from '../repository.ts';
import type { Chunked } from './chunked.ts';

export interface Indexed {
  /** Files that were read for it. */
  readonly read: number;
  /** Files that are gone. */
  readonly removed: number;
  /** Files that are there and not in it: links, what is too large, what is not UTF-8. */
  readonly skipped: number;
}

/** What is done with files that were stored, while their passages are at hand. */
export type Follow = (files: readonly Chunked[]) => Promise<void>;

/** So many files are stored in one transaction. */
const BATCH = 64;

/** Stores files in the index as they come. */
export interface Indexing {
  /** What is indexed by this version, with what was stored since: content hashes by path. */
  readonly there: ReadonlyMap<string, string>;
  /** Whether chunks are wanted with their vectors. */
  readonly embeds: boolean;
  add(chunked: Chunked): Promise<void>;
  /** Stores what is left. */
  flush(): Promise<void>;
  /** Files that are stored. */
  added(): number;
}

/** `follow` hears of each file once it is stored. */
export function newIndexing(index: SearchIndex, follow: Follow | null): Indexing {
  const there = index.indexed(INDEX_VERSION);
  let batch: Chunked[] = [];
  let added = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length === 0) return;
    index.put(
      full.map(({ file }) => file),
      INDEX_VERSION,
    );
    for (const { file } of full) there.set(file.path, file.contentHash);
    added += full.length;
    await follow?.(full);
  };
  return {
    there,
    embeds: follow !== null,
    async add(chunked) {
      batch.push(chunked);
      if (batch.length >= BATCH) await flush();
    },
    flush,
    added: () => added,
  };
}

/**
 * Brings the search index to what `analysis.db` says of the repository's files, which was refreshed before, with this
 * `indexing`: a file is read again where its content or the index's version differs all the same. Broken off anywhere,
 * what is there is right, and the next run goes on.
 */
export async function bringIndexUpToDate(
  { host, progress, pool }: RefreshContext,
  { target, analysis }: OpenRepository,
  index: SearchIndex,
  found: Pick<Walk, 'files' | 'skipped'>,
  indexing: Indexing,
): Promise<Indexed> {
  await indexing.flush();
  const wanted = analysis.contentHashes();
  const { there } = indexing;
  const stale = found.files.filter(({ path }) => wanted.has(path) && wanted.get(path) !== there.get(path));
  const gone = index.files().filter(({ path }) => !wanted.has(path));
  index.remove(gone.map(({ path }) => path));
  const skipped = found.skipped.length + found.files.filter(({ path }) => !wanted.has(path)).length;
  if (stale.length === 0) return { read: indexing.added(), removed: gone.length, skipped };
  progress.start('indexing', stale.length);
  const source = {
    root: target.root.root,
    maxFileSize: target.config.settings.analysis.maxFileSize,
    signal: host.signal,
    embeds: indexing.embeds,
  };
  await pool.each('chunks', source, stale, async (outcome) => {
    progress.advance(1);
    const { path } = outcome;
    if (outcome.kind === 'done') await indexing.add(outcome.value);
    // What does not parse has nothing to be found; what cannot be read any more is the next walk's to tell.
    else if (outcome.kind === 'failed')
      await indexing.add({ file: nothingOf(path, wanted.get(path) ?? ''), passages: [] });
  });
  await indexing.flush();
  progress.stop();
  return { read: indexing.added(), removed: gone.length, skipped };
}

function nothingOf(path: string, contentHash: string): FileToIndex {
  return { path, contentHash, chunks: [] };
}
