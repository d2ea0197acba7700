import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backlogPortion, daysToBuy } from '../../../src/pipeline/paid/portion.ts';
import type { Windows } from '../../../src/llm/budget.ts';
import { TICKS_PER_USD } from '../../../src/types/answer.ts';

const usd = (amount: number): number => Math.round(amount * TICKS_PER_USD);
const CAPS: Windows = { day: usd(0.75), week: usd(1.5), month: usd(3) };
const NOTHING: Windows = { day: 0, week: 0, month: 0 };

interface Request {
  readonly cost: number;
  /** What is reserved for it: three times its cost and more where every byte counts as a token. */
  readonly worst: number;
}

interface Night {
  readonly date: string;
  readonly edits: number;
  readonly refusedEdits: number;
  readonly backlog: number;
}

/** Nights of one request after another, each admitted by its worst case against the caps, edits first. */
function nights(options: {
  readonly first: Date;
  readonly count: number;
  readonly caps: Windows;
  readonly edits: (night: number) => readonly Request[];
  readonly backlog: Request;
  readonly backlogTotal: number;
}): Night[] {
  const { first, count, caps, edits, backlog, backlogTotal } = options;
  const log: Night[] = [];
  let spent = NOTHING;
  let left = backlogTotal;
  for (let night = 0; night < count; night += 1) {
    const now = new Date(first.getFullYear(), first.getMonth(), first.getDate() + night, 2);
    spent = {
      day: 0,
      week: now.getDay() === 1 ? 0 : spent.week,
      month: now.getDate() === 1 ? 0 : spent.month,
    };
    const admitted = ({ cost, worst }: Request): boolean => {
      if ((['day', 'week', 'month'] as const).some((window) => spent[window] + worst > caps[window]))
        return false;
      spent = { day: spent.day + cost, week: spent.week + cost, month: spent.month + cost };
      return true;
    };
    const asked = edits(night);
    const bought = asked.filter(admitted);
    let backlogCost = 0;
    while (left > 0 && backlogPortion({ caps, spent, now, headroom: backlog.worst }) >= backlog.cost) {
      if (!admitted(backlog)) break;
      backlogCost += backlog.cost;
      left -= backlog.cost;
    }
    log.push({
      date: now.toDateString(),
      edits: bought.reduce((sum, { cost }) => sum + cost, 0),
      refusedEdits: asked.length - bought.length,
      backlog: backlogCost,
    });
  }
  return log;
}

const FULL: Request = { cost: usd(0.024), worst: usd(0.073) };
const HALF: Request = { cost: usd(0.025), worst: usd(0.073) };

describe('backlogPortion', () => {
  it('buys every edit of 30 nights before a backlog of $40', () => {
    const log = nights({
      first: new Date(2026, 5, 1),
      count: 30,
      caps: CAPS,
      edits: () => [HALF, HALF],
      backlog: FULL,
      backlogTotal: usd(40),
    });
    expect(log.filter(({ refusedEdits }) => refusedEdits > 0)).toEqual([]);
    expect(log.map(({ edits }) => edits)).toEqual(log.map(() => usd(0.05)));
    const backlog = log.reduce((sum, night) => sum + night.backlog, 0);
    // What edits leave of the month, but for one request's worst case and one that no longer fits.
    expect(backlog).toBeGreaterThan(usd(3 - 1.5 - 0.3 - 0.1 - 0.03));
    expect(backlog).toBeLessThanOrEqual(usd(1.5));
    const early = log.slice(0, 5).reduce((sum, night) => sum + night.backlog, 0);
    expect(early).toBeLessThan(usd(0.9));
    // In portions: most nights of the month buy some of it, not the first ones alone.
    expect(log.filter((night) => night.backlog > 0).length).toBeGreaterThan(8);
    expect(log.slice(20).some((night) => night.backlog > 0)).toBe(true);
  });

  it('never lets a backlog stand in the way of edits within three fifths, whatever the caps and the day', () => {
    const shares = fc.array(fc.constantFrom(0, 0.2, 0.9, 1), { minLength: 40, maxLength: 40 });
    const caps = fc.record({
      day: fc.integer({ min: usd(0.2), max: usd(5) }),
      week: fc.integer({ min: usd(0.5), max: usd(20) }),
      month: fc.integer({ min: usd(1), max: usd(60) }),
    });
    const run = fc.record({ caps, shares, start: fc.nat(400), dearness: fc.integer({ min: 2, max: 50 }) });
    fc.assert(
      fc.property(run, ({ caps, shares, start, dearness }) => {
        const worst = Math.floor(Math.min(caps.day, caps.week, caps.month) / 8);
        const share = 0.6 * Math.min(caps.day, caps.week / 7, caps.month / 31);
        const log = nights({
          first: new Date(2026, 0, 1 + start),
          count: 40,
          caps,
          edits: (night) => {
            const cost = Math.floor((share * (shares[night] ?? 0)) / 4);
            return Array.from({ length: 4 }, () => ({ cost, worst: Math.max(cost, worst) }));
          },
          backlog: { cost: Math.ceil(worst / dearness), worst },
          backlogTotal: usd(1000),
        });
        expect(log.filter(({ refusedEdits }) => refusedEdits > 0)).toEqual([]);
        expect(log.some(({ backlog }) => backlog > 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('lets a small repository be done in its first run', () => {
    const now = new Date(2026, 5, 1, 9);
    const portion = backlogPortion({ caps: CAPS, spent: NOTHING, now, headroom: usd(0.073) });
    expect(portion).toBeGreaterThan(usd(0.5));
    expect(portion).toBeLessThan(CAPS.day);
  });

  it('leaves nothing to the backlog where a cap is used up to what edits need', () => {
    const now = new Date(2026, 5, 29, 9);
    const spent = { day: 0, week: 0, month: usd(2.9) };
    expect(backlogPortion({ caps: CAPS, spent, now, headroom: 0 })).toBe(0);
    expect(backlogPortion({ caps: NOTHING, spent: NOTHING, now, headroom: 1 })).toBe(0);
  });

  it('gives back on later days what edits left over', () => {
    const at = (day: number): number =>
      backlogPortion({
        caps: CAPS,
        spent: { day: 0, week: 0, month: usd(1) },
        now: new Date(2026, 5, day, 9),
        headroom: 0,
      });
    expect(at(22)).toBeGreaterThan(at(8));
  });
});

describe('daysToBuy', () => {
  const state = { caps: CAPS, spent: NOTHING, now: new Date(2026, 5, 1, 9), headroom: usd(0.073) };
  it('is today for a small backlog, over a year for a large one, never for a cap of nothing', () => {
    expect(daysToBuy(usd(0.24), state)).toBe(1);
    expect(daysToBuy(usd(0.9), state)).toBeGreaterThan(1);
    const large = daysToBuy(usd(40), state) as number;
    expect(large).toBeGreaterThan(365);
    expect(large).toBeLessThan(2 * 365);
    expect(daysToBuy(1, { ...state, caps: NOTHING })).toBeNull();
  });
});
