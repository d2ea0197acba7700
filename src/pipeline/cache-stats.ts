import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { AnswerTotals } from '../store/answers.ts';
import { openAnswers } from '../store/answers.ts';
import { footprint } from '../store/footprint.ts';
import type { Layout } from '../store/layout.ts';
import { listRepositories } from '../store/repository.ts';
import type { CacheBytes, CacheLimits } from './prune.ts';

export interface CacheStats {
  readonly bytes: CacheBytes;
  /** Null where nothing was ever paid for. */
  readonly answers: AnswerTotals | null;
  readonly repositories: readonly {
    readonly id: string;
    readonly path: string;
    /** Its directory's; answers that it paid for are not in it. */
    readonly bytes: number;
    readonly lastSync: number | null;
  }[];
}

/** What is stored, and how much of the disk it takes. */
export async function cacheStats(layout: Layout, { maxSize }: CacheLimits): Promise<CacheStats> {
  const found = footprint(layout);
  const sizes = new Map(found.repositories.map(({ name, bytes }) => [name, bytes]));
  return {
    bytes: { total: found.total, max: maxSize, byKind: found.byKind },
    answers: await answerTotals(layout),
    repositories: listRepositories(layout).map(({ directory, meta }) => ({
      id: meta.fullHash,
      path: meta.path,
      bytes: sizes.get(basename(directory)) ?? 0,
      lastSync: meta.lastSync,
    })),
  };
}

async function answerTotals(layout: Layout): Promise<AnswerTotals | null> {
  if (!existsSync(layout.answers)) return null;
  const answers = await openAnswers(layout);
  try {
    return answers.totals();
  } finally {
    answers.close();
  }
}
