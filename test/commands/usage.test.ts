import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from '../../src/llm/budget.ts';
import type { UsageReport } from '../../src/report/usage-model.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { sha256 } from '../../src/util/hash.ts';
import { schemaErrors } from '../support/schema.ts';
import { ask, cost } from '../store/ledger-support.ts';
import { command, homeWith, json } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date(2026, 2, 31, 12).getTime();

/** A ledger with what `work` does to it, each at its own time. */
async function ledgerOf(
  home: string,
  work: (ledger: Ledger, at: (ms: number) => void) => void,
): Promise<void> {
  let now = NOW;
  const path = join(home, 'ledger.db');
  const ledger = await openLedger({ path, now: () => now, decide, answersExist: () => false });
  try {
    work(ledger, (ms) => (now = ms));
  } finally {
    ledger.close();
  }
}

async function spentHome(): Promise<string> {
  const home = homeWith('[budget]\nper_week = 1.0\n');
  await ledgerOf(home, (ledger, at) => {
    at(NOW - 40 * DAY);
    ledger.reserve(ask('old', 9e9, { model: 'grok-4.6' }));
    ledger.settle('old', cost(4e9));
    at(NOW - 2 * DAY);
    ledger.reserve(ask('sunday', 9e8));
    ledger.settle('sunday', cost(5e8, { estimated: true }));
    at(NOW);
    ledger.reserve(ask('today', 9e8, { repoId: sha256('somewhere') }));
    ledger.settle('today', cost(1e9));
    ledger.reserve(ask('given up', 2e8));
    ledger.abandon('given up');
    ledger.reserve(ask('free', 2e8));
    ledger.release('free');
    ledger.reserve(ask('running', 3e8));
  });
  return home;
}

const now = (): number => NOW;

test('by day, repository and model, settled and open, and what is left of each cap', async () => {
  const home = await spentHome();
  const usage = await json<UsageReport>(['usage'], { home, now });
  expect(schemaErrors('usage', usage)).toEqual([]);
  expect(usage.total).toMatchObject({
    ...{ requests: 5, ticks: 5.5e9, usd: 0.55, estimatedTicks: 5e8, openTicks: 5e8 },
    ...{ inputTokens: 30, cachedTokens: 12, outputTokens: 6 },
  });
  expect(usage.byDay.map(({ key, ticks, openTicks }) => [key, ticks, openTicks])).toEqual([
    ['2026-02-19', 4e9, 0],
    ['2026-03-29', 5e8, 0],
    ['2026-03-31', 1e9, 5e8],
  ]);
  expect(usage.byModel.map(({ key, requests }) => [key, requests])).toEqual([
    ['grok-4.3', 4],
    ['grok-4.6', 1],
  ]);
  expect(usage.byRepository).toMatchObject([{ key: sha256('somewhere'), path: null }, { key: 'repo' }]);
  // Monday was yesterday; Sunday's cost is of last week and this month.
  expect(usage.caps.day).toMatchObject({ spentTicks: 1.2e9, openTicks: 3e8, leftTicks: 6e9, leftUsd: 0.6 });
  expect(usage.caps.week).toMatchObject({ capUsd: 1, spentTicks: 1.2e9, leftTicks: 8.5e9 });
  expect(usage.caps.month).toMatchObject({ spentTicks: 1.7e9, leftTicks: 2.8e10 });
  expect(usage.reservations.map(({ requestId, running }) => [requestId, running])).toEqual([
    ['given up', false],
    ['running', true],
  ]);
  expect(usage.ledger).toEqual({ state: 'known' });
});

test('since a day, or so many days back', async () => {
  const home = await spentHome();
  const total = async (since: string): Promise<[number, string | null]> => {
    const usage = await json<UsageReport>(['usage', '--since', since], { home, now });
    return [usage.total.ticks, usage.since];
  };
  expect(await total('2026-03-29')).toEqual([1.5e9, '2026-03-29']);
  expect(await total('2026-03-30')).toEqual([1e9, '2026-03-30']);
  expect(await total('40d')).toEqual([5.5e9, '2026-02-19']);
  expect(await total('0d')).toEqual([1e9, '2026-03-31']);
  for (const wrong of ['yesterday', '2026-02-30', '2026-13-01', '-1d', '']) {
    const { status, stderr } = await command(['usage', `--since=${wrong}`], { home, now });
    expect([wrong, status, stderr]).toEqual([
      wrong,
      2,
      expect.stringContaining('Give a day like 2026-03-31'),
    ]);
  }
});

test('as a person reads it', async () => {
  const home = await spentHome();
  const { stdout } = await command(['usage'], { home, now });
  await expect(stdout).toMatchFileSnapshot('../golden/usage.txt');
  const byRepo = await command(['usage', '--by', 'repo', '--since', '7d'], { home, now });
  expect(byRepo.stdout).toMatch(/^repository +requests/);
  expect(byRepo.stdout).toContain(`${sha256('somewhere').slice(0, 12)} (not stored)`);
  const wrong = await command(['usage', '--by', 'week'], { home });
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('Known: day, repo, model.') });
});

test('many days: the last month one by one, what is older in one line', async () => {
  const home = homeWith();
  await ledgerOf(home, (ledger, at) => {
    for (let day = 40; day > 0; day -= 1) {
      at(NOW - day * DAY);
      ledger.reserve(ask(`r${day}`, 2e8));
      ledger.settle(`r${day}`, cost(1e8));
    }
  });
  const { stdout } = await command(['usage'], { home, now });
  expect(stdout).toMatch(/\nearlier +9 .*\$0\.09\n/);
  expect(stdout).toMatch(/\ntotal +40 .*\$0\.40\n/);
});

test('unknown spending is said, and accepted by hand alone', async () => {
  const home = homeWith();
  const path = join(home, 'ledger.db');
  const lost = await openLedger({ path, now, decide, answersExist: () => true });
  lost.close();
  const said = await command(['usage'], { home, now });
  expect(said.stdout).toMatch(/^What was spent is unknown: .*\n.*usage --accept-unknown\n/);
  expect(said.stdout).toMatch(/ day +unknown +of \$0\.75/);
  const body = await json<UsageReport>(['usage'], { home, now });
  expect(body.ledger.state).toBe('unknown');
  expect(schemaErrors('usage', body)).toEqual([]);
  expect((await json<UsageReport>(['usage', '--accept-unknown'], { home, now })).accepted).toBe(true);
  expect((await json<UsageReport>(['usage'], { home, now })).ledger.state).toBe('known');
  const again = await command(['usage', '--accept-unknown'], { home, now });
  expect(again.stdout).toContain('Nothing was unknown');
});
