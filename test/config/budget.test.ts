import { describe, expect, it } from 'vitest';
import { budgetFlag, budgetOf, isCi, requireBudget } from '../../src/config/budget.ts';
import { load, notices, refusal } from './support.ts';

async function decide(user: string, budget: string) {
  const { settings } = await load({ user });
  return budgetOf(settings, budgetFlag(budget));
}

describe('--budget', () => {
  it('is the cap of this run, also above per_run', async () => {
    const { caps, notices: said } = await decide('[budget]\nper_run = 0.1', '0.5');
    expect(caps).toEqual({ perMonth: 3, perWeek: 1.5, perDay: 0.75, perRun: 0.5 });
    expect(said).toEqual([]);
  });

  it.each([
    ['', '5', 0.75, '--budget 5.0 is above the cap of $0.75 per day and was lowered to it'],
    [
      '[budget]\nper_week = 0.2',
      '0.3',
      0.2,
      '--budget 0.3 is above the cap of $0.2 per week and was lowered to it',
    ],
    [
      '[budget]\nper_month = 0',
      '0.3',
      0,
      '--budget 0.3 is above the cap of $0 per month and was lowered to it',
    ],
  ])('above another cap is lowered with a notice', async (user, budget, perRun, message) => {
    const decision = await decide(user, budget);
    expect(decision.caps.perRun).toBe(perRun);
    expect(notices(decision)).toEqual([`budget-lowered: ${message}`]);
  });

  it.each(['', '-1', 'NaN', 'inf', '1e3', '$1', '100001'])('%j is refused', async (budget) =>
    expect(await refusal(decide('', budget))).toBe(
      'usage: --budget must be an amount in USD from 0 to 100000\n> For example: --budget 0.25',
    ),
  );
});

describe('a throw-away machine', () => {
  it('needs --budget for paid work', async () => {
    const needs = async (CI: string, budget?: number) => requireBudget({ CI }, budget);
    expect(await refusal(needs('true'))).toBe(
      'budget-needed: paid work on a throw-away machine (CI is set) needs --budget\n> A cap per day or month means nothing here. For example: --budget 0.25',
    );
    await needs('true', 0);
    await needs('');
  });

  it('is one where CI is set', () => {
    expect(['true', '1', 'yes', 'True'].map((CI) => isCi({ CI }))).toEqual([true, true, true, true]);
    expect([undefined, '', '0', 'false', 'FALSE'].map((CI) => isCi({ CI }))).toEqual(Array(5).fill(false));
  });
});
