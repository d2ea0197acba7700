import type { Embedder } from '../../embed/embedder.ts';
import type { SearchReport } from '../../report/search-model.ts';
import type { Layout } from '../../store/layout.ts';
import type { Notice } from '../../types/run.ts';
import type { OpenIndex, Sync, SyncLimits } from './open-index.ts';
import { openIndex } from './open-index.ts';
import type { RefreshContext } from '../refresh.ts';
import type { SearchRequest } from './search.ts';
import { search } from './search.ts';
import type { Target } from '../targets.ts';

export interface SearchContext extends RefreshContext {
  readonly layout: Layout;
  /** Null: words alone are searched. */
  readonly embedder: Embedder | null;
}

/** What a search does before it answers; more than so many texts wait for `index`, or for the next search. */
export const BEFORE_SEARCH: SyncLimits = { texts: 300, manner: 'quick' };

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
  const notices = new Map<string, readonly Notice[]>();
  const close = (): void => {
    for (const one of open.values()) one.close();
  };
  const openAll = async (some: readonly Target[], sync: Sync): Promise<void> => {
    for (const { root } of some) {
      open.get(root.root)?.close();
      open.delete(root.root);
    }
    for (const { opened, target } of await openEach(context, some, sync)) {
      const { root } = target.root;
      const before = notices.get(root) ?? target.config.notices;
      open.set(root, opened);
      // What was missing when it was first opened is told anew, or is there now.
      notices.set(root, [...before.filter(({ code }) => code !== 'vectors-missing'), ...opened.notices]);
    }
  };
  const ask = (request: SearchRequest): Promise<SearchReport> =>
    search([...open.values()], context.embedder, request, [...notices.values()].flat());
  try {
    await openAll(targets, when === 'first' ? BEFORE_SEARCH : 'as it is');
    const empty = targets.filter(({ root }) => open.get(root.root)?.index.counts().files === 0);
    if (when === 'never')
      notices.set(
        '',
        empty.map(({ root }) => notIndexed(root.root)),
      );
    if (when === 'what is shown') await openAll(empty, BEFORE_SEARCH);
  } catch (error) {
    close();
    throw error;
  }
  return {
    async search(request) {
      const report = await ask(request);
      const changed = new Set(report.results.filter(({ stale }) => stale).map(({ root }) => root));
      if (when !== 'what is shown' || changed.size === 0) return report;
      await openAll(
        targets.filter(({ root }) => changed.has(root.root)),
        BEFORE_SEARCH,
      );
      return ask(request);
    },
    close,
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

interface Opened {
  readonly target: Target;
  readonly opened: OpenIndex;
}

/** One after the other where there is work to do, for each takes all threads for itself; else together. */
async function openEach(
  context: SearchContext,
  targets: readonly Target[],
  sync: Sync,
): Promise<readonly Opened[]> {
  const all: Opened[] = [];
  const open = async (target: Target): Promise<void> => {
    all.push({ target, opened: await openIndex(context, target, sync) });
  };
  try {
    if (sync === 'as it is') {
      const ends = await Promise.allSettled(targets.map(open));
      const end = ends.find(({ status }) => status === 'rejected');
      if (end?.status === 'rejected') throw end.reason;
    } else for (const target of targets) await open(target);
  } catch (error) {
    for (const { opened } of all) opened.close();
    throw error;
  }
  return all.sort((a, b) => targets.indexOf(a.target) - targets.indexOf(b.target));
}

function notIndexed(root: string): Notice {
  const message = `${root} was not searched: it was never indexed (rustassistant index ${root})`;
  return { code: 'not-indexed', message };
}
