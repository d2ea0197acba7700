import { quietly } from '../../config/load.ts';
import type { Embedder } from '../../embed/embedder.ts';
import { repoId } from '../../repo/root.ts';
import type { Walk } from '../../repo/walk.ts';
import type { RepositoryPlace } from '../../store/repository.ts';
import type { SearchIndex } from '../../store/search.ts';
import { openSearch } from '../../store/search.ts';
import type { Notice } from '../../types/run.ts';
import { counted } from '../../util/numbers.ts';
import type { Vectors } from '../../vector/lance.ts';
import { openVectors } from '../../vector/lance.ts';
import { insideOf } from '../files.ts';
import type { Indexed } from './index.ts';
import { firstVectors } from './first-vectors.ts';
import { bringIndexUpToDate, newIndexing } from './index.ts';
import { refresh } from '../refresh.ts';
import type { OpenRepository } from '../repository.ts';
import { openRepository, placeOf } from '../repository.ts';
import type { SearchContext } from './targets.ts';
import type { Target } from '../targets.ts';
import type { OpenWork, VectorState } from './vectors.ts';
import { bringVectorsUpToDate, isInOrder, toldFault, vectorState } from './vectors.ts';

/** One repository's search index, open for questions. */
export interface OpenIndex {
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly root: string;
  readonly maxFileSize: number;
  /** Whether a file, relative to the root, lies in what was asked for; null: all do. */
  readonly inside: ((path: string) => boolean) | null;
  readonly index: SearchIndex;
  /** Null where no model is set. */
  readonly vectors: Vectors | null;
  readonly notices: readonly Notice[];
  /** What it took to bring it up to date; null where that was not asked for. */
  readonly indexed: Indexed | null;
  close(): void;
}

/** A search that embeds is done by then. */
const PATIENCE_MS = 2_000;

/** `thorough` compares all there is, and fails where vectors cannot be stored; else a notice says so. */
export interface SyncLimits {
  /** That many may be embedded: it may take minutes. */
  readonly texts: number;
  readonly manner: 'quick' | 'thorough';
}

/** How it is brought up to date first, if it is. */
export type Sync = SyncLimits | 'as it is';

/** Opens a repository's index, and brings it up to date first, or not; one that was never made is made. */
export async function openIndex(context: SearchContext, target: Target, sync: Sync): Promise<OpenIndex> {
  const { layout, embedder } = context;
  const { root } = target.root;
  const place = placeOf(layout, target);
  const index = await openSearch(layout, place);
  let vectors: Vectors | null = null;
  const close = (): void => {
    index.close();
    vectors?.close();
  };
  try {
    if (embedder !== null) vectors = await openVectorsOf(place, embedder);
    const work = vectors === null || embedder === null ? null : { index, vectors, embedder };
    const { indexed, notices } =
      sync === 'as it is'
        ? { indexed: null, notices: work === null ? [] : await missingNow(root, work, context.host.now()) }
        : await bringUpToDate(context, target, index, work, sync);
    const { maxFileSize } = target.config.settings.analysis;
    const { prefixes } = target;
    const inside = prefixes.includes('') ? null : insideOf(prefixes);
    const base = { id: repoId(target.root), root, maxFileSize, index, vectors, inside, indexed, close };
    return { ...base, notices: [...index.notices, ...notices] };
  } catch (error) {
    close();
    throw error;
  }
}

function openVectorsOf(place: RepositoryPlace, { id, dimensions }: Embedder): Promise<Vectors> {
  quietly('LANCEDB_LOG');
  return openVectors({ directory: place.vectors, modelId: id, dimensions });
}

async function bringUpToDate(
  context: SearchContext,
  target: Target,
  index: SearchIndex,
  work: OpenWork | null,
  limits: SyncLimits,
): Promise<Pick<OpenIndex, 'indexed' | 'notices'>> {
  const repository = await openRepository(context.host, context.layout, target);
  const { analysis } = repository;
  try {
    const { found, indexed } = await refreshBoth(context, repository, index, work);
    const missing = work === null ? [] : await tendVectors(context, repository, work, limits);
    return { indexed, notices: [...found.notices, ...analysis.notices, ...missing] };
  } finally {
    analysis.close();
  }
}

/** What is parsed for the findings gives its chunks with them, and these their vectors where that costs little. */
async function refreshBoth(
  context: SearchContext,
  repository: OpenRepository,
  index: SearchIndex,
  work: OpenWork | null,
): Promise<{ readonly found: Walk; readonly indexed: Indexed }> {
  const first = work === null ? null : await firstVectors(context, repository, work);
  try {
    const indexing = newIndexing(index, first?.follow ?? null);
    const { found } = await refresh(context, repository, null, context.host.now(), indexing);
    return { found, indexed: await bringIndexUpToDate(context, repository, index, found, indexing) };
  } finally {
    await first?.close();
  }
}

async function tendVectors(
  context: SearchContext,
  repository: OpenRepository,
  work: OpenWork,
  { texts, manner }: SyncLimits,
): Promise<Notice[]> {
  const { root } = repository.target.root;
  try {
    if (manner === 'quick' && (await isInOrder(work, context.host.now()))) return [];
    return vectorsMissing(
      root,
      await bringVectorsUpToDate(context, repository, {
        ...work,
        limit: texts,
        patienceMs: manner === 'quick' ? 0 : PATIENCE_MS,
      }),
    );
  } catch (error) {
    if (manner === 'thorough') throw error;
    const message = `not all of ${root} is found by its meaning: ${toldFault(error)}`;
    return [{ code: 'vectors-unusable', message }];
  }
}

/** Nothing is said of damage here: whoever asks for the nearest hears of it. */
async function missingNow(root: string, work: OpenWork, nowMs: number): Promise<Notice[]> {
  return (await isInOrder(work, nowMs)) ? [] : vectorsMissing(root, await vectorState(work));
}

function vectorsMissing(root: string, { chunks, missing }: VectorState): Notice[] {
  if (missing === 0) return [];
  const message = `${counted(missing, 'item')} of ${counted(chunks, 'item')} in ${root} are found by their words alone: they have no vector yet (rustassistant index ${root})`;
  return [{ code: 'vectors-missing', message }];
}
