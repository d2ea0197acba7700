import type { IndexReport } from '../../report/index-report.ts';
import type { Notice } from '../../types/run.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { openIndex } from './open-index.ts';
import type { SearchContext } from './targets.ts';
import type { Target } from '../targets.ts';

/** Brings the search indexes of repositories up to date, one after the other. */
export async function indexTargets(context: SearchContext, targets: readonly Target[]): Promise<IndexReport> {
  const repositories: IndexReport['repositories'][number][] = [];
  const notices: Notice[] = [];
  for (const target of targets) {
    const open = await openIndex(context, target, { texts: Infinity, manner: 'thorough' });
    try {
      const { id, root, indexed, index } = open;
      const done = indexed ?? { read: 0, removed: 0, skipped: 0 };
      repositories.push({ id, root, ...done, ...index.counts() });
      notices.push(...target.config.notices, ...open.notices);
    } finally {
      open.close();
    }
  }
  return { schemaVersion: REPORT_SCHEMA_VERSION, repositories, notices };
}
