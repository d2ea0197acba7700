import { budgetOf } from '../../config/budget.ts';
import type { Settings } from '../../config/schema.ts';
import type { Amounts } from '../../llm/budget.ts';
import { CAP_NAMES, sum, ticksOfUsd } from '../../llm/budget.ts';
import type { Left } from '../../report/plan-model.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Notice } from '../../types/run.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';

/** The caps of a run with this `--budget` (USD), ticks. */
export function plannedCaps(
  settings: Settings,
  perRun: number | undefined,
): { readonly caps: Amounts; readonly notices: readonly Notice[] } {
  const { caps, notices } = budgetOf(settings, perRun);
  return {
    caps: {
      run: ticksOfUsd(caps.perRun),
      day: ticksOfUsd(caps.perDay),
      week: ticksOfUsd(caps.perWeek),
      month: ticksOfUsd(caps.perMonth),
    },
    notices,
  };
}

/** Settled, given up and open, of all processes of this home; of a run that has not begun nothing. */
export function spentSoFar(ledger: Pick<Ledger, 'spent'>): Amounts {
  const { spent, open } = ledger.spent();
  return { ...sum(spent, open), run: 0 };
}

/** What is left of each cap. */
export function leftOf(caps: Amounts, spent: Amounts): Left {
  const entries = CAP_NAMES.map((name) => {
    const leftTicks = Math.max(0, caps[name] - spent[name]);
    const capUsd = caps[name] / TICKS_PER_USD;
    return [name, { capUsd, leftTicks, leftUsd: leftTicks / TICKS_PER_USD }] as const;
  });
  return Object.fromEntries(entries) as Left;
}

/** Of each cap the one that leaves less: repositories may have lower caps of their own. */
export function tighter(a: Left, b: Left): Left {
  const entries = CAP_NAMES.map((name) => [name, a[name].leftTicks <= b[name].leftTicks ? a[name] : b[name]]);
  return Object.fromEntries(entries) as Left;
}
