import type { SearchIndex } from '../store/search.ts';
import { openSearch } from '../store/search.ts';
import type { Layout } from '../store/layout.ts';
import type { Notice } from '../types.ts';
import type { Indexed } from './index.ts';
import { bringIndexUpToDate } from './index.ts';
import type { RefreshContext } from './refresh.ts';
import { refresh } from './refresh.ts';
import { openRepository } from './repository.ts';
import type { Target } from './targets.ts';

/** One repository's search index, open for questions. */
export interface OpenIndex {
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly root: string;
  readonly maxFileSize: number;
  readonly index: SearchIndex;
  readonly notices: readonly Notice[];
  /** What it took to bring it up to date; null where that was not asked for. */
  readonly indexed: Indexed | null;
}

/**
 * Opens a repository's index, and with `sync` brings it up to date first; one that was never made is made. The caller
 * closes `index`.
 */
export async function openIndex(
  context: RefreshContext & { readonly layout: Layout },
  target: Target,
  sync: 'sync' | 'as it is',
): Promise<OpenIndex> {
  const { host, layout } = context;
  const repository = await openRepository(host, layout, target);
  const { analysis, place, id } = repository;
  try {
    const index = await openSearch(layout, place);
    const { root } = target.root;
    const { maxFileSize } = target.config.settings.analysis;
    const base = { id, root, maxFileSize, index };
    if (sync === 'as it is') return { ...base, indexed: null, notices: index.notices };
    const { found } = await refresh(context, repository, null, host.now());
    const indexed = await bringIndexUpToDate(context, repository, index, found.files);
    return { ...base, indexed, notices: [...found.notices, ...analysis.notices, ...index.notices] };
  } finally {
    analysis.close();
  }
}
