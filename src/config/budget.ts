import { UserError } from '../errors.ts';
import type { Notice } from '../types.ts';
import type { Budget, Settings } from './schema.ts';
import { KEYS } from './keys.ts';

export interface BudgetQuestion {
  readonly settings: Settings;
  /** `--budget` as given. */
  readonly budget?: string | undefined;
  /** `throw-away`: see `isCi`. */
  readonly machine: 'own' | 'throw-away';
  /** `paid`: requests that cost money may be sent. */
  readonly work: 'paid' | 'free';
}

export interface BudgetDecision {
  /** USD. */
  readonly caps: Budget;
  readonly notices: readonly Notice[];
}

/**
 * The caps of one run. `--budget` takes the place of `per_run`; above one of the other caps it is
 * lowered to it with a notice. On a throw-away machine paid work needs `--budget`.
 * Throws a `UserError` for an amount that is none, and for paid work without one there.
 */
export function budgetOf({ settings, budget, machine, work }: BudgetQuestion): BudgetDecision {
  const caps = settings.budget;
  if (budget === undefined) {
    if (machine === 'throw-away' && work === 'paid') throw needsBudget();
    return { caps, notices: [] };
  }
  const asked = budgetFlag(budget);
  const least = Math.min(caps.perDay, caps.perWeek, caps.perMonth);
  if (asked <= least) return { caps: { ...caps, perRun: asked }, notices: [] };
  const name = least === caps.perDay ? 'day' : least === caps.perWeek ? 'week' : 'month';
  const message = `--budget ${KEYS['budget.per_run'].kind.show(asked)} is above the cap of $${least} per ${name} and was lowered to it`;
  return { caps: { ...caps, perRun: least }, notices: [{ code: 'budget-lowered', message }] };
}

/** `--budget` in USD. Throws a `UserError` for an amount that is none. */
export function budgetFlag(text: string): number {
  const { kind } = KEYS['budget.per_run'];
  const usd = kind.parse(text);
  if (usd !== undefined) return usd;
  throw new UserError('usage', `--budget must be ${kind.expected}`, 'For example: --budget 0.25');
}

/** `CI` set: a throw-away machine, where a monthly cap means nothing. */
export function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes((env.CI ?? '').toLowerCase());
}

function needsBudget(): UserError {
  const message = 'paid work on a throw-away machine (CI is set) needs --budget';
  return new UserError(
    'budget-needed',
    message,
    'A cap per day or month means nothing here. For example: --budget 0.25',
  );
}
