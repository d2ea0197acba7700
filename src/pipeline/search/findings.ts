import { silenced } from '../../cache/dismissals.ts';
import { readQuery } from '../../search/query.ts';
import type { FoundFinding } from '../../search/findings.ts';
import { rankedFindings } from '../../search/findings.ts';
import { newSplitter } from '../../search/words.ts';
import type { SearchReport, SearchResult } from '../../report/search-model.ts';
import type { Notice } from '../../types/run.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import type { StoredResult } from '../merge.ts';
import { refresh } from '../refresh.ts';
import { openRepository } from '../repository.ts';
import { nothingToLookFor } from './retrieve.ts';
import type { SearchRequest } from './search.ts';
import type { OpenSearch, SearchContext, SyncWhen } from './targets.ts';
import type { Target } from '../targets.ts';

interface Stored extends FoundFinding {
  readonly root: string;
  readonly repository: string;
}

/** The findings of repositories, to be searched as their code is. */
export function openFindings(context: SearchContext, targets: readonly Target[], when: SyncWhen): OpenSearch {
  return {
    search: (request) => searchFindings(context, targets, request, when),
    close: () => undefined,
  };
}

/** Searches the findings of repositories, local ones and those of stored answers; asks nobody anything. */
async function searchFindings(
  context: SearchContext,
  targets: readonly Target[],
  { query: text, limit, allows }: Pick<SearchRequest, 'query' | 'limit' | 'allows'>,
  when: SyncWhen,
): Promise<SearchReport> {
  const split = newSplitter();
  const query = readQuery(split, text);
  if (query.terms.length === 0) throw nothingToLookFor(query);
  const all: Stored[] = [];
  const notices: Notice[] = [];
  for (const target of targets) all.push(...(await findingsOf(context, target, when, notices)));
  const ranked = rankedFindings(
    split,
    query.terms,
    all.filter(({ path }) => allows === null || allows(path)),
  );
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    query: text,
    mode: 'keyword',
    model: null,
    results: ranked.slice(0, limit).map((found) => resultOf(found as Stored & { readonly score: number })),
    notices,
  };
}

async function findingsOf(
  context: SearchContext,
  target: Target,
  when: SyncWhen,
  notices: Notice[],
): Promise<Stored[]> {
  const { host, layout } = context;
  const repository = await openRepository(host, layout, target);
  const { analysis, dismissed, id } = repository;
  try {
    if (when !== 'never')
      notices.push(...(await refresh(context, repository, null, host.now())).found.notices);
    notices.push(...target.config.notices, ...analysis.notices, ...dismissed.notices);
    const found: Stored[] = [];
    for (const { path } of analysis.results(null)) {
      const stored = await analysis.getAnalysis<StoredResult>(path);
      // What was stored may be older than a dismissal.
      const open = (stored?.findings ?? [])
        .map((finding) => silenced(finding, path, dismissed.silence))
        .filter(({ suppressed }) => suppressed === undefined);
      found.push(...open.map((finding) => ({ path, finding, root: target.root.root, repository: id })));
    }
    return found;
  } finally {
    analysis.close();
  }
}

function resultOf({
  root,
  repository,
  path,
  finding,
  score,
}: Stored & { readonly score: number }): SearchResult {
  const { startLine, endLine, rule, title, item, quote, severity } = finding;
  return {
    ...{ root, repository, path, startLine, endLine, kind: 'finding', name: rule, modulePath: item },
    signature: `${severity}: ${title}`,
    score,
    parts: { keyword: score, vector: null },
    stale: false,
    matches: quote
      .split('\n')
      .slice(0, 1)
      .map((text) => ({ line: startLine, text })),
  };
}
