import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { localDay, windowsAt } from '../../src/store/ledger-windows.ts';

import { ask, cost, ledgerPath, open } from './ledger-support.ts';

let zone: string | undefined;
beforeEach(() => {
  zone = process.env['TZ'];
});
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

function starts(moment: string) {
  const { day, week, month } = windowsAt(Date.parse(moment));
  return [day, week, month].map((ms) => new Date(ms).toISOString());
}

describe('windows begin with the local calendar', () => {
  test.each([
    // Berlin: UTC+1, in summer UTC+2.
    ['Europe/Berlin', '2026-01-15T22:59:59.999Z', ['2026-01-14T23', '2026-01-11T23', '2025-12-31T23']],
    ['Europe/Berlin', '2026-01-15T23:00:00.000Z', ['2026-01-15T23', '2026-01-11T23', '2025-12-31T23']],
    // A Sunday belongs to the week before, a Monday begins one.
    ['Europe/Berlin', '2026-03-01T12:00:00Z', ['2026-02-28T23', '2026-02-22T23', '2026-02-28T23']],
    ['Europe/Berlin', '2026-03-02T12:00:00Z', ['2026-03-01T23', '2026-03-01T23', '2026-02-28T23']],
    // 2026-03-29 has 23 hours, 2026-10-25 has 25.
    ['Europe/Berlin', '2026-03-29T21:59:59Z', ['2026-03-28T23', '2026-03-22T23', '2026-02-28T23']],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', ['2026-03-29T22', '2026-03-29T22', '2026-02-28T23']],
    ['Europe/Berlin', '2026-10-25T22:59:59Z', ['2026-10-24T22', '2026-10-18T22', '2026-09-30T22']],
    ['Europe/Berlin', '2026-10-25T23:00:00Z', ['2026-10-25T23', '2026-10-25T23', '2026-09-30T22']],
    // A year that begins within a week.
    ['Pacific/Auckland', '2026-12-31T11:00:00Z', ['2026-12-31T11', '2026-12-27T11', '2026-12-31T11']],
    ['UTC', '2027-01-01T00:00:00Z', ['2027-01-01T00', '2026-12-28T00', '2027-01-01T00']],
  ])('%s %s', (timeZone, moment, expected) => {
    process.env['TZ'] = timeZone;
    expect(starts(moment)).toEqual(expected.map((hour) => `${hour}:00:00.000Z`));
  });

  test('where clocks skip midnight, the day begins when they go on', () => {
    process.env['TZ'] = 'Africa/Cairo';
    // 2026-04-24 begins at 01:00 local time, which is 22:00 UTC of the day before.
    expect(starts('2026-04-24T10:00:00Z')[0]).toBe('2026-04-23T22:00:00.000Z');
  });
});

test('a day is named as its calendar does', () => {
  process.env['TZ'] = 'Europe/Berlin';
  expect(localDay(Date.parse('2026-03-28T23:00:00Z'))).toBe('2026-03-29');
});

test('caps open with their windows, and no earlier', async () => {
  process.env['TZ'] = 'Europe/Berlin';
  let now = Date.parse('2026-03-27T12:00:00Z'); // Friday
  const ledger = await open(ledgerPath(), { now: () => now });
  const caps = { run: 1e9, day: 10, week: 25, month: 40 };
  let n = 0;
  const buy = () => {
    n += 1;
    const decision = ledger.reserve(ask(`r${n}`, 10, { caps, runId: `run${n}` }));
    if (decision.kind === 'reserve') ledger.settle(`r${n}`, cost(10));
    return decision.kind === 'stop' ? decision.cap : decision.kind;
  };
  expect([buy(), buy()]).toEqual(['reserve', 'day']);
  now = Date.parse('2026-03-28T22:59:59Z'); // Saturday, the last second before the short day
  expect([buy(), buy()]).toEqual(['reserve', 'day']);
  now = Date.parse('2026-03-28T23:00:00Z'); // Sunday
  expect(buy()).toBe('week');
  now = Date.parse('2026-03-29T22:00:00Z'); // Monday, 23 hours later
  expect([buy(), buy()]).toEqual(['reserve', 'day']);
  now = Date.parse('2026-03-30T22:00:00Z'); // Tuesday, the 31st
  expect([buy(), buy()]).toEqual(['reserve', 'day']);
  now = Date.parse('2026-03-31T21:59:59Z');
  expect(buy()).toBe('day');
  now = Date.parse('2026-03-31T22:00:00Z'); // Wednesday, April
  expect(buy()).toBe('week');
  now = Date.parse('2026-04-05T22:00:00Z'); // Monday
  expect(buy()).toBe('reserve');
  ledger.close();
});

test('a clock that was set back opens nothing', async () => {
  let now = Date.parse('2026-05-20T12:00:00Z');
  const ledger = await open(ledgerPath(), { now: () => now });
  const caps = { run: 1e9, day: 10, week: 10, month: 10 };
  ledger.reserve(ask('a', 10, { caps }));
  ledger.settle('a', cost(10));
  now = Date.parse('2026-02-01T12:00:00Z');
  expect(ledger.reserve(ask('b', 1, { caps, runId: 'other' }))).toMatchObject({ kind: 'stop', left: 0 });
  ledger.close();
});
