import { UserError } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import type { Budget, Settings } from './schema.ts';
import { KEYS } from './keys.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface BudgetDecision {
  /** USD. */
  readonly caps: Budget;
  readonly notices: readonly Notice[];
}

/**
 * The caps of one run. `perRun` (`--budget`, USD) takes the place of `per_run`; above one of the other caps it is
 * lowered to it with a notice.
 */
export function budgetOf({ budget: caps }: Settings, perRun: number | undefined): BudgetDecision {
  if (perRun === undefined) return { caps, notices: [] };
  const least = Math.min(caps.perDay, caps.perWeek, caps.perMonth);
  if (perRun <= least) return { caps: { ...caps, perRun }, notices: [] };
  const name = least === caps.perDay ? 'day' : least === caps.perWeek ? 'week' : 'month';
  const message = `--budget ${KEYS['budget.per_run'].kind.show(perRun)} is above the cap of $${least} per ${name} and was lowered to it`;
  return { caps: { ...caps, perRun: least }, notices: [{ code: 'budget-lowered', message }] };
}

/** `--budget` in USD, undefined where it is not given. Throws a `UserError` for an amount that is none. */
export function budgetFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { kind } = KEYS['budget.per_run'];
  const usd = kind.parse(text);
  if (usd !== undefined) return usd;
  throw new UserError('usage', `--budget must be ${kind.expected}`, 'For example: --budget 0.25');
}

/** `CI` set: a throw-away machine, where a monthly cap means nothing. */
export function isCi(env: Environment): boolean {
  return !['', '0', 'false'].includes((env.CI ?? '').toLowerCase());
}

/** Paid work on a throw-away machine needs `--budget`. Throws a `UserError` where it is not given. */
export function requireBudget(env: Environment, perRun: number | undefined): void {
  if (perRun !== undefined || !isCi(env)) return;
  const message = 'paid work on a throw-away machine (CI is set) needs --budget';
  const hint = 'A cap per day or month means nothing here. For example: --budget 0.25';
  throw new UserError('budget-needed', message, hint);
}
