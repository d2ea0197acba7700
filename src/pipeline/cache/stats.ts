import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Settings } from '../../config/schema.ts';
import type { CacheStatsReport } from '../../report/cache-model.ts';
import { openAnswers } from '../../store/answers.ts';
import { footprint } from '../../store/footprint.ts';
import type { Layout } from '../../store/layout.ts';
import { listRepositories } from '../../store/repository.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';

/** What is stored, and how much of the disk it takes. */
export async function cacheStats(layout: Layout, limits: Settings['cache']): Promise<CacheStatsReport> {
  const { maxSize, highWatermark, lowWatermark } = limits;
  const found = footprint(layout);
  const sizes = new Map(found.repositories.map(({ name, bytes }) => [name, bytes]));
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    directory: layout.cache,
    bytes: { total: found.total, max: maxSize, byKind: found.byKind },
    pruning: { above: maxSize * highWatermark, to: maxSize * lowWatermark },
    answers: await answerTotals(layout),
    repositories: listRepositories(layout).map(({ directory, meta }) => ({
      id: meta.fullHash,
      path: meta.path,
      bytes: sizes.get(basename(directory)) ?? 0,
      lastSync: meta.lastSync === null ? null : new Date(meta.lastSync).toISOString(),
    })),
  };
}

async function answerTotals(layout: Layout): Promise<CacheStatsReport['answers']> {
  if (!existsSync(layout.answers)) return null;
  const answers = await openAnswers(layout);
  try {
    const totals = answers.totals();
    return { ...totals, usd: totals.ticks / TICKS_PER_USD };
  } finally {
    answers.close();
  }
}
