import type { Embedder } from '../embed/embedder.ts';
import type { SearchReport } from '../report/search-model.ts';
import type { Layout } from '../store/layout.ts';
import type { Notice } from '../types.ts';
import type { OpenIndex, Sync } from './open-index.ts';
import { openIndex } from './open-index.ts';
import type { RefreshContext } from './refresh.ts';
import type { SearchRequest } from './search.ts';
import { search } from './search.ts';
import type { Target } from './targets.ts';

export interface SearchContext extends RefreshContext {
  readonly layout: Layout;
  /** Null: words alone are searched. */
  readonly embedder: Embedder | null;
}

/** What a search may embed before it answers; the rest waits for `index`, or for the next search. */
export const TEXTS_BEFORE_SEARCH = 300;

/**
 * When indexes are brought up to date: `first`, before anything is searched; only where `what is shown` turns out to
 * have changed; `never`. One that was never made is made, but for `never`.
 */
export type SyncWhen = 'first' | 'what is shown' | 'never';

/** Repositories that are searched as if they were one. */
export interface OpenSearch {
  search(request: SearchRequest): Promise<SearchReport>;
  close(): void;
}

/** Opens the indexes for any number of questions. */
export async function openTargets(
  context: SearchContext,
  targets: readonly Target[],
  when: SyncWhen,
): Promise<OpenSearch> {
  const open = new Map<string, OpenIndex>();
  const notices: Notice[] = targets.flatMap(({ config }) => config.notices);
  const sync = { texts: TEXTS_BEFORE_SEARCH };
  const openAll = async (some: readonly Target[], how: Sync): Promise<void> => {
    for (const target of some) {
      open.get(target.root.root)?.close();
      const opened = await openIndex(context, target, how);
      open.set(target.root.root, opened);
      notices.push(...opened.notices);
    }
  };
  const ask = (request: SearchRequest): Promise<SearchReport> =>
    search([...open.values()], context.embedder, request, notices);
  await openAll(targets, when === 'first' ? sync : 'as it is');
  const empty = targets.filter(({ root }) => open.get(root.root)?.index.counts().files === 0);
  if (when === 'never') notices.push(...empty.map(({ root }) => notIndexed(root.root)));
  if (when === 'what is shown') await openAll(empty, sync);
  return {
    async search(request) {
      const report = await ask(request);
      const changed = new Set(report.results.filter(({ stale }) => stale).map(({ root }) => root));
      if (when !== 'what is shown' || changed.size === 0) return report;
      await openAll(
        targets.filter(({ root }) => changed.has(root.root)),
        sync,
      );
      return ask(request);
    },
    close: () => {
      for (const one of open.values()) one.close();
    },
  };
}

/** Searches repositories, of each the part that was asked for, as if they were one. */
export async function searchTargets(
  context: SearchContext,
  targets: readonly Target[],
  request: SearchRequest,
  when: SyncWhen,
): Promise<SearchReport> {
  const open = await openTargets(context, targets, when);
  return open.search(request).finally(() => open.close());
}

function notIndexed(root: string): Notice {
  const message = `${root} was not searched: it was never indexed (rustassistant index ${root})`;
  return { code: 'not-indexed', message };
}
