import { rmSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PruneEntry, PrunePlan } from '../../cache/eviction.ts';
import { openAnalysis } from '../../store/analysis.ts';
import { recordAccesses, removeAnswers } from '../../store/answer-weights.ts';
import { openAnswers } from '../../store/answers.ts';
import { isInUse } from '../../store/in-use.ts';
import type { Layout } from '../../store/layout.ts';
import { listRepositories } from '../../store/repository.ts';
import { removeIndex } from '../../store/search.ts';
import { shrink } from '../../store/shrink.ts';
import type { Gathered } from './prune-gather.ts';

/** Rows removed in one transaction: other processes get the write lock in between. */
const BATCH = 500;

/**
 * Does what a plan says, in small transactions; broken off anywhere it has removed less, and harmed nothing.
 * Stops early where the signal says so.
 */
export async function applyPlan(
  layout: Layout,
  plan: PrunePlan,
  { accesses }: Pick<Gathered, 'accesses'>,
  signal: AbortSignal,
): Promise<void> {
  const entries = plan.evictions.map(({ entry }) => entry);
  const of = (kind: PruneEntry['kind']) => entries.filter((entry) => entry.kind === kind);
  const answers = of('answer');
  const results = of('result');
  const gone = of('repository');
  // Rows about to go take with them when their answers were last read: that is noted first.
  const losesAccesses = results.length + gone.length > 0 && accesses.size > 0;
  if (answers.length > 0 || losesAccesses) await applyToAnswers(layout, answers, accesses, signal);
  await removeResults(layout, results, signal);
  for (const { id } of [...gone, ...of('set-aside')]) {
    if (!signal.aborted) rmSync(id, { recursive: true, force: true });
  }
  for (const { id } of of('search')) if (!signal.aborted) removeIndex(id);
}

async function applyToAnswers(
  layout: Layout,
  entries: readonly PruneEntry[],
  accesses: Gathered['accesses'],
  signal: AbortSignal,
): Promise<void> {
  const { database, close } = await openAnswers(layout);
  try {
    for (const batch of batches([...accesses])) recordAccesses(database, batch);
    for (const batch of batches(entries)) {
      if (signal.aborted) return;
      removeAnswers(
        database,
        batch.map(({ id }) => Number(id)),
      );
      await nextTurn();
    }
    if (entries.length > 0) await shrink(database, bytesOf(entries), nextTurn);
  } finally {
    close();
  }
}

async function removeResults(
  layout: Layout,
  entries: readonly PruneEntry[],
  signal: AbortSignal,
): Promise<void> {
  for (const place of listRepositories(layout)) {
    const own = entries.filter(({ repository }) => repository === place.meta.fullHash);
    // A run that has begun meanwhile would miss what it has seen.
    if (own.length === 0 || signal.aborted || (await isInUse(place.analysis))) continue;
    const analysis = await openAnalysis(layout, place);
    try {
      for (const batch of batches(own)) {
        if (signal.aborted) return;
        analysis.remove(batch.map(({ id }) => id));
        await nextTurn();
      }
      await shrink(analysis.database, bytesOf(own), nextTurn);
    } finally {
      analysis.close();
    }
  }
}

function bytesOf(entries: readonly PruneEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}

function* batches<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  for (let at = 0; at < values.length; at += BATCH) yield values.slice(at, at + BATCH);
}
