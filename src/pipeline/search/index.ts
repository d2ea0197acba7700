import type { Walk } from '../../repo/walk.ts';
import type { FileToIndex, SearchIndex } from '../../store/search.ts';
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

/**
 * Brings the search index to what `analysis.db` says of the repository's files, which was refreshed before: a file is
 * read again where its content or the index's version differs. Broken off anywhere, what is there is right, and the
 * next run goes on. `follow` hears of each file once it is stored.
 */
export async function bringIndexUpToDate(
  { host, progress, pool }: RefreshContext,
  { target, analysis }: OpenRepository,
  index: SearchIndex,
  found: Pick<Walk, 'files' | 'skipped'>,
  follow: Follow | null,
): Promise<Indexed> {
  const wanted = analysis.contentHashes();
  const there = index.indexed(INDEX_VERSION);
  const stale = found.files.filter(({ path }) => wanted.has(path) && wanted.get(path) !== there.get(path));
  const gone = index.files().filter(({ path }) => !wanted.has(path));
  index.remove(gone.map(({ path }) => path));
  const skipped = found.skipped.length + found.files.filter(({ path }) => !wanted.has(path)).length;
  if (stale.length === 0) return { read: 0, removed: gone.length, skipped };
  progress.start('indexing', stale.length);
  const source = {
    root: target.root.root,
    maxFileSize: target.config.settings.analysis.maxFileSize,
    signal: host.signal,
    embeds: follow !== null,
  };
  let batch: Chunked[] = [];
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length === 0) return;
    index.put(
      full.map(({ file }) => file),
      INDEX_VERSION,
    );
    await follow?.(full);
  };
  await pool.each('chunks', source, stale, async (outcome) => {
    progress.advance(1);
    const { path } = outcome;
    if (outcome.kind === 'done') batch.push(outcome.value);
    // What does not parse has nothing to be found; what cannot be read any more is the next walk's to tell.
    else if (outcome.kind === 'failed')
      batch.push({ file: nothingOf(path, wanted.get(path) ?? ''), passages: [] });
    if (batch.length >= BATCH) await flush();
  });
  await flush();
  progress.stop();
  return { read: stale.length, removed: gone.length, skipped };
}

function nothingOf(path: string, contentHash: string): FileToIndex {
  return { path, contentHash, chunks: [] };
}
