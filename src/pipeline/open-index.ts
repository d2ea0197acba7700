import { quietly } from '../config/load.ts';
import type { Embedder } from '../embed/embedder.ts';
import type { SearchIndex } from '../store/search.ts';
import { openSearch } from '../store/search.ts';
import type { Notice } from '../types.ts';
import { counted } from '../util/numbers.ts';
import type { Vectors } from '../vector/lance.ts';
import { openVectors } from '../vector/lance.ts';
import { insideOf } from './files.ts';
import type { Indexed } from './index.ts';
import { bringIndexUpToDate } from './index.ts';
import { refresh } from './refresh.ts';
import type { OpenRepository } from './repository.ts';
import { openRepository } from './repository.ts';
import type { SearchContext } from './search-targets.ts';
import type { Target } from './targets.ts';
import { bringVectorsUpToDate } from './vectors.ts';

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

/** Whether it is brought up to date first, and how many texts may be embedded for it: that may take minutes. */
export type Sync = { readonly texts: number } | 'as it is';

/** Opens a repository's index, and brings it up to date first, or not; one that was never made is made. */
export async function openIndex(context: SearchContext, target: Target, sync: Sync): Promise<OpenIndex> {
  const { host, layout, embedder } = context;
  const repository = await openRepository(host, layout, target);
  const { analysis, place, id } = repository;
  try {
    const index = await openSearch(layout, place);
    const vectors = embedder === null ? null : await openVectorsOf(repository, embedder);
    const { root } = target.root;
    const { prefixes } = target;
    const base = {
      ...{ id, root, maxFileSize: target.config.settings.analysis.maxFileSize, index, vectors },
      inside: prefixes.includes('') ? null : insideOf(prefixes),
      close: () => {
        index.close();
        vectors?.close();
      },
    };
    if (sync === 'as it is') return { ...base, indexed: null, notices: index.notices };
    const { found } = await refresh(context, repository, null, host.now());
    const indexed = await bringIndexUpToDate(context, repository, index, found.files);
    const notices = [...found.notices, ...analysis.notices, ...index.notices];
    if (vectors !== null && embedder !== null) {
      const work = { index, vectors, embedder, limit: sync.texts };
      const { chunks, missing } = await bringVectorsUpToDate(context, repository, work);
      if (missing > 0) notices.push(vectorsMissing(root, chunks, missing));
    }
    return { ...base, indexed, notices };
  } finally {
    analysis.close();
  }
}

function openVectorsOf({ place }: OpenRepository, { id, dimensions }: Embedder): Promise<Vectors> {
  quietly('LANCEDB_LOG');
  return openVectors({ directory: place.vectors, modelId: id, dimensions });
}

function vectorsMissing(root: string, chunks: number, missing: number): Notice {
  const message = `${counted(missing, 'item')} of ${counted(chunks, 'item')} in ${root} are found by their words alone: they have no vector yet (rustassistant index)`;
  return { code: 'vectors-missing', message };
}
