import type { Finished } from '../finish.ts';
import type { Bought } from '../summary.ts';
import { answerId } from './answer-part.ts';
import type { PlannedFile } from './plan.ts';
import type { RunTotals } from './request-scope.ts';
import type { ReviewPlan } from './review.ts';

type Fate = 'paid' | 'cached' | 'reused' | 'missing' | 'failed';

/**
 * What became of every item that is asked about, over all questions: counted once for each of them, however often its
 * text occurs.
 */
export function tallied(
  plans: readonly ReviewPlan[],
  totals: RunTotals | null,
  answered: Finished['answered'],
): Bought {
  const cached = plans.reduce((sum, { plan }) => sum + plan.settledUnits, 0);
  const items = { paid: 0, cached, reused: 0, missing: 0, failed: 0 };
  const counted = new Set<string>();
  const fatesByFile = new Map<string, Fate[]>();
  for (const { plan, question } of plans) {
    for (const file of plan.files) {
      const fates = fatesOf(file, question.lens.name, totals, answered, counted);
      for (const fate of fates) items[fate] += 1;
      fatesByFile.set(file.row.path, [...(fatesByFile.get(file.row.path) ?? []), ...fates]);
    }
  }
  const reused = [...fatesByFile].filter(([, fates]) => isReused(fates)).map(([path]) => path);
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
    reusedFiles: new Set(reused),
    incomplete: items.missing + items.failed > 0,
  };
}

function fatesOf(
  file: PlannedFile,
  lens: string,
  totals: RunTotals | null,
  answered: Finished['answered'],
  counted: Set<string>,
): Fate[] {
  const now = answered.get(file.row.path);
  return file.units.map(({ unit, key, state }): Fate => {
    if (state === 'stored') return 'cached';
    if (state !== 'missing') return state;
    if (totals?.failedKeys.has(key) === true) return 'failed';
    // Another process may have bought it meanwhile.
    if (totals?.paidKeys.has(key) !== true)
      return now?.has(answerId(lens, unit)) === true ? 'reused' : 'missing';
    // Equal items are paid for once.
    const again = counted.has(key);
    counted.add(key);
    return again ? 'reused' : 'paid';
  });
}

/** All its answers were there, though its result was not. */
function isReused(fates: readonly Fate[]): boolean {
  return fates.length > 0 && fates.every((fate) => fate === 'cached' || fate === 'reused');
}
