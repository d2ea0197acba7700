import type { RunTotals } from './request-scope.ts';
import type { Finished } from '../finish.ts';
import type { PlannedFile } from './plan.ts';
import type { ReviewPlan } from './review.ts';
import type { Bought } from '../summary.ts';

type Fate = 'paid' | 'cached' | 'reused' | 'missing' | 'failed';

/** What became of every item that is asked about: counted once each, however often its text occurs. */
export function tallied(
  { plan }: ReviewPlan,
  totals: RunTotals | null,
  answered: Finished['answered'],
): Bought {
  const items = { paid: 0, cached: plan.settledUnits, reused: 0, missing: 0, failed: 0 };
  const counted = new Set<string>();
  const reusedFiles = new Set<string>();
  for (const file of plan.files) {
    const now = answered.get(file.row.path);
    const fates = file.units.map(({ unit, key, state }): Fate => {
      if (state === 'stored') return 'cached';
      if (state !== 'missing') return state;
      if (totals?.failedKeys.has(key) === true) return 'failed';
      // Another process may have bought it meanwhile.
      if (totals?.paidKeys.has(key) !== true) return now?.has(unit.hash) === true ? 'reused' : 'missing';
      // Equal items are paid for once.
      const again = counted.has(key);
      counted.add(key);
      return again ? 'reused' : 'paid';
    });
    for (const fate of fates) items[fate] += 1;
    if (isReused(file, fates)) reusedFiles.add(file.row.path);
  }
  return {
    items,
    cost: {
      ticks: totals?.ticks ?? 0,
      requests: totals?.requests ?? 0,
      inputTokens: totals?.inputTokens ?? 0,
      cachedTokens: totals?.cachedTokens ?? 0,
      outputTokens: totals?.outputTokens ?? 0,
      estimated: totals?.estimated ?? false,
    },
    paidFiles: totals?.paidFiles ?? new Set(),
    reusedFiles,
    incomplete: items.missing + items.failed > 0,
  };
}

/** All its answers were there, though its result was not. */
function isReused({ units }: PlannedFile, fates: readonly Fate[]): boolean {
  return units.length > 0 && fates.every((fate) => fate === 'cached' || fate === 'reused');
}
