import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { encodeLine, readJournal } from '../../src/store/journal.ts';

import { PLENTY, ask, cost, ledgerPath, open, withLedger } from './ledger-support.ts';
import { markOf } from '../../src/store/process.ts';

describe('a reservation', () => {
  test('counts as open, and as its true cost once that is known', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      expect(ledger.reserve(ask('a', 100))).toEqual({ kind: 'reserve' });
      expect(ledger.spent('run')).toMatchObject({
        spent: { run: 0, month: 0 },
        open: { run: 100, day: 100 },
      });
      ledger.settle('a', cost(30));
      expect(ledger.spent('run')).toEqual({
        spent: { run: 30, day: 30, week: 30, month: 30 },
        open: { run: 0, day: 0, week: 0, month: 0 },
      });
    });
  });

  test('settles once, whatever is said after', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 100));
      ledger.settle('a', cost(30));
      ledger.settle('a', cost(90));
      ledger.release('a');
      ledger.abandon('a');
      expect(ledger.spent('run').spent.run).toBe(30);
      expect(ledger.openReservations()).toEqual([]);
    });
  });

  test('that was not billed is released and leaves nothing', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 100));
      ledger.release('a');
      ledger.release('a');
      ledger.release('never-reserved');
      expect(ledger.spent('run')).toMatchObject({ spent: { run: 0 }, open: { run: 0 } });
      expect(ledger.totals('day')).toEqual([]);
      // A bill that comes all the same is real.
      ledger.settle('a', cost(5));
      expect(ledger.spent('run').spent.run).toBe(5);
    });
  });

  test('that nobody can settle counts as spent, until somebody does', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 100));
      ledger.abandon('a');
      expect(ledger.spent('run')).toMatchObject({ spent: { run: 100, month: 100 }, open: { run: 0 } });
      expect(ledger.openReservations()).toMatchObject([{ requestId: 'a', ticks: 100, running: false }]);
      ledger.settle('a', cost(40));
      expect(ledger.spent('run').spent.month).toBe(40);
    });
  });

  test('is refused, waits or stops as the budget decides', async () => {
    const caps = { run: 100, day: 100, week: 100, month: 100 };
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 80, { caps }));
      expect(ledger.reserve(ask('b', 50, { caps }))).toEqual({ kind: 'wait' });
      ledger.settle('a', cost(60));
      expect(ledger.reserve(ask('b', 50, { caps }))).toEqual({ kind: 'stop', cap: 'run', left: 40 });
      expect(ledger.reserve(ask('b', 40, { caps }))).toEqual({ kind: 'reserve' });
    });
  });

  test('of one request is made once', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 1));
      expect(() => ledger.reserve(ask('a', 1))).toThrow('reserved already');
    });
  });

  test('counts for its own run, and for the calendar whoever asks', async () => {
    await withLedger(ledgerPath(), (ledger) => {
      ledger.reserve(ask('a', 100, { runId: 'one' }));
      ledger.settle('a', cost(10));
      expect(ledger.spent('two').spent).toEqual({ run: 0, day: 10, week: 10, month: 10 });
    });
  });
});

describe('a reservation whose process died', () => {
  /** As a process leaves it that was killed after its journal line: the next one to write finds it. */
  function leaveBehind(path: string, owner: string, at: number): void {
    const journal = path.replace('.db', '.log');
    const { g, n } = readJournal(journal)?.lines.at(-1) ?? { g: '', n: 0 };
    const entry = { id: 'left', run: 'other', repo: 'r', model: 'm', ticks: 80, at, owner };
    appendFileSync(journal, encodeLine({ g, n: n + 1, event: { op: 'reserve', ...entry } }));
  }
  const caps = { ...PLENTY, day: 100 };

  test('counts as spent: nobody waits for it', async () => {
    const path = ledgerPath();
    await withLedger(path, (ledger) => {
      // Above the largest process id that Linux gives.
      leaveBehind(path, JSON.stringify({ ...markOf(), pid: 99999999 }), Date.now());
      expect(ledger.reserve(ask('a', 30, { caps }))).toEqual({ kind: 'stop', cap: 'day', left: 20 });
      expect(ledger.openReservations()).toMatchObject([{ requestId: 'left', ticks: 80, running: false }]);
      ledger.settle('left', cost(10));
      expect(ledger.reserve(ask('a', 30, { caps }))).toEqual({ kind: 'reserve' });
    });
  });

  test('is waited for while it may still run, and no longer than any request runs', async () => {
    const path = ledgerPath();
    const start = new Date(2026, 4, 20, 10).getTime();
    let now = start;
    const ledger = await open(path, { now: () => now });
    leaveBehind(path, JSON.stringify({ ...markOf(), namespace: 'another container' }), start);
    expect(ledger.reserve(ask('a', 30, { caps }))).toEqual({ kind: 'wait' });
    now += 3 * 60 * 60 * 1000;
    expect(ledger.reserve(ask('a', 30, { caps }))).toMatchObject({ kind: 'stop', cap: 'day' });
    ledger.close();
  });
});

test('what is said again is not written again', async () => {
  const path = ledgerPath();
  const journal = path.replace('.db', '.log');
  await withLedger(path, (ledger) => {
    ledger.reserve(ask('a', 100));
    ledger.settle('a', cost(30));
    const before = readFileSync(journal, 'utf8');
    ledger.settle('a', cost(30));
    ledger.release('a');
    ledger.abandon('a');
    expect(readFileSync(journal, 'utf8')).toBe(before);
  });
});

test('money that was billed without a reservation is written down', async () => {
  await withLedger(ledgerPath(), (ledger) => {
    ledger.settle('unknown', cost(7));
    expect(ledger.spent().spent.month).toBe(7);
  });
});

test('totals by model, repository and day', async () => {
  const path = ledgerPath();
  let now = new Date(2026, 2, 30, 12).getTime();
  const ledger = await open(path, { now: () => now });
  ledger.reserve(ask('a', 100, { model: 'm2', repoId: 'r1' }));
  ledger.settle('a', cost(30, { estimated: true }));
  ledger.reserve(ask('b', 100, { model: 'm1', repoId: 'r1' }));
  ledger.settle('b', cost(5));
  now = new Date(2026, 2, 31, 0, 0, 1).getTime();
  ledger.reserve(ask('c', 50, { model: 'm1', repoId: 'r2' }));
  const tokens = { inputTokens: 10, cachedTokens: 4, outputTokens: 2 };
  expect(ledger.totals('model')).toEqual([
    { key: 'm1', requests: 2, ticks: 5, estimatedTicks: 0, openTicks: 50, ...tokens },
    { key: 'm2', requests: 1, ticks: 30, estimatedTicks: 30, openTicks: 0, ...tokens },
  ]);
  expect(ledger.totals('repo').map(({ key, ticks }) => [key, ticks])).toEqual([
    ['r1', 35],
    ['r2', 0],
  ]);
  expect(ledger.totals('day').map(({ key, requests }) => [key, requests])).toEqual([
    ['2026-03-30', 2],
    ['2026-03-31', 1],
  ]);
  expect(ledger.totals('day', now)).toHaveLength(1);
  ledger.close();
});

test('all of it is there the next time, and the user’s alone', async () => {
  const path = ledgerPath();
  await withLedger(path, (ledger) => {
    ledger.reserve(ask('a', 100));
    ledger.settle('a', cost(30));
    ledger.reserve(ask('b', 7));
  });
  await withLedger(path, (ledger) => {
    expect(ledger.spent('run')).toMatchObject({ spent: { run: 30 }, open: { run: 7 } });
    expect(ledger.health()).toBe('ok');
    expect(ledger.notices).toEqual([]);
  });
  for (const file of [path, path.replace('.db', '.log'), path.replace('.db', '.log.1')]) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});
