import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PruneEntry, PruneLimits } from '../../src/cache/eviction.ts';
import { evictionScore, outgrown, planPrune } from '../../src/cache/eviction.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 1000 * DAY;

const LIMITS: PruneLimits = { maxSize: 1000, high: 0.9, low: 0.75, quota: 0.25, nowMs: NOW };

function entry(id: string, given: Partial<PruneEntry> & { readonly idle?: number } = {}): PruneEntry {
  const { idle = 0, ...fields } = given;
  return {
    kind: fields.cost ? 'answer' : 'result',
    id,
    repository: id,
    bytes: 100,
    createdAt: NOW - 100 * DAY,
    lastAccessed: NOW - idle * DAY,
    accessCount: 1,
    compatible: true,
    cost: null,
    ...fields,
  };
}

const paid = (millicents: number, requestMillicents = millicents, tokens = 0) => ({
  millicents,
  requestMillicents,
  tokens,
});

/** Ids in the order in which they go, with the step. */
function gone(entries: readonly PruneEntry[], total: number, limits: Partial<PruneLimits> = {}): string[] {
  const plan = planPrune(entries, total, { ...LIMITS, ...limits });
  return plan.evictions.map(({ entry: { id }, reason }) => `${id}: ${reason}`);
}

describe('when', () => {
  test('nothing goes up to the high watermark, then down to the low one', () => {
    const entries = Array.from({ length: 9 }, (_, at) => entry(`e${at}`, { idle: 9 - at }));
    expect(gone(entries, 900)).toEqual([]);
    expect(planPrune(entries, 901, LIMITS)).toMatchObject({
      target: 750,
      freed: 200,
      reached: true,
    });
    expect(outgrown(900, LIMITS)).toBe(false);
    expect(outgrown(901, LIMITS)).toBe(true);
  });

  test('--to sets the target, below and above the watermarks', () => {
    const entries = Array.from({ length: 9 }, (_, at) => entry(`e${at}`, { idle: 9 - at }));
    expect(planPrune(entries, 900, { ...LIMITS, target: 500 })).toMatchObject({ freed: 400, target: 500 });
    expect(gone(entries, 901, { target: 950 })).toEqual([]);
  });

  test('what may go is not enough', () => {
    expect(planPrune([entry('a')], 2000, LIMITS)).toMatchObject({ freed: 100, reached: false });
  });
});

describe('in which order', () => {
  test('unreadable formats always go, even where there is room', () => {
    expect(gone([entry('old', { compatible: false }), entry('new')], 200)).toEqual(['old: incompatible']);
  });

  test('the architecture’s steps', () => {
    const entries = [
      entry('dear', { cost: paid(10, 101), idle: 99 }),
      entry('cheap', { cost: paid(10, 100), idle: 29 }),
      entry('unused', { cost: paid(99, 100), idle: 31 }),
      entry('young', { idle: 6 }),
      entry('index', { kind: 'search', idle: 7.5 }),
      entry('aside', { kind: 'set-aside', idle: 9 }),
      entry('bad', { compatible: false, cost: paid(10) }),
    ];
    expect(gone(entries, 700, { target: 0 })).toEqual([
      'bad: incompatible',
      'aside: recreatable-old',
      'index: recreatable-old',
      'young: recreatable',
      'unused: answer-unused',
      'cheap: answer',
      'dear: answer-dear',
    ]);
  });

  test('results least recently used first', () => {
    const entries = [1, 5, 3, 2, 4].map((idle) => entry(`idle${idle}`, { idle }));
    expect(gone(entries, 500, { target: 200 })).toEqual([
      'idle5: recreatable',
      'idle4: recreatable',
      'idle3: recreatable',
    ]);
  });

  test('answers by score, the highest first: rarely read, cheap, long idle', () => {
    const entries = [
      entry('often', { cost: paid(10), idle: 10, accessCount: 50 }),
      entry('costly', { cost: paid(90), idle: 10 }),
      entry('work', { cost: paid(10, 10, 50_000), idle: 10 }),
      entry('idle', { cost: paid(10), idle: 20 }),
      entry('plain', { cost: paid(10), idle: 10 }),
    ];
    const order = gone(entries, 500, { target: 0 }).map((line) => line.split(':')[0]);
    expect(order).toEqual(['idle', 'plain', 'work', 'costly', 'often']);
  });

  test('the score is the formula', () => {
    const e = entry('e', { cost: paid(9, 9, 10_000), idle: 5, accessCount: 4 });
    // 100 days, 4 accesses; 1 + 9 + 10; 5 days idle.
    expect(evictionScore(e, NOW)).toBeCloseTo((100 / 4) * (1 / 20) * 5);
    expect(evictionScore({ ...e, lastAccessed: NOW + DAY }, NOW)).toBe(0);
  });
});

describe('quotas', () => {
  const big = [1, 2, 3, 4].map((idle) => entry(`big${idle}`, { repository: 'big', idle }));
  const small = [9, 8].map((idle) => entry(`small${idle}`, { repository: 'small', idle: idle / 2 }));

  test('a repository above its quota gives first, down to it', () => {
    expect(gone([...big, ...small], 600, { target: 450 })).toEqual([
      'big4: recreatable',
      'big3: recreatable',
    ]);
    expect(gone([...big, ...small], 600, { target: 250 })).toEqual([
      'big4: recreatable',
      'big3: recreatable',
      'small9: recreatable',
      'small8: recreatable',
    ]);
  });

  test('soft: nothing goes while there is room', () => {
    expect(gone([...big, ...small], 600)).toEqual([]);
  });

  test('never a paid answer while another repository has what can be made again', () => {
    const answers = [1, 2, 3, 4].map((n) => entry(`a${n}`, { repository: 'big', cost: paid(5), idle: 40 }));
    expect(gone([...answers, ...small], 600, { target: 450 })[0]).toBe('small9: recreatable');
  });
});

describe('for any cache', () => {
  const ENTRY: fc.Arbitrary<PruneEntry> = fc
    .record({
      idle: fc.integer({ min: 0, max: 60 }),
      repository: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      bytes: fc.integer({ min: 1, max: 200 }),
      accessCount: fc.integer({ min: 1, max: 9 }),
      compatible: fc.boolean(),
      cost: fc.option(
        fc.record({
          millicents: fc.integer({ min: 0, max: 100 }),
          requestMillicents: fc.integer({ min: 0, max: 200 }),
          tokens: fc.integer({ min: 0, max: 9999 }),
        }),
      ),
    })
    .map((fields) => entry('e', fields));
  const CACHE = fc.array(ENTRY, { maxLength: 40 }).map((all) => all.map((e, at) => ({ ...e, id: `e${at}` })));
  const EXTRA = fc.integer({ min: 0, max: 300 });
  const sum = (entries: readonly PruneEntry[]) => entries.reduce((bytes, e) => bytes + e.bytes, 0);

  function check(property: (entries: PruneEntry[], total: number) => void): void {
    fc.assert(fc.property(CACHE, EXTRA, (entries, extra) => property(entries, sum(entries) + extra)));
  }

  test('the target is met wherever it can be, with nothing more than needed', () => {
    check((entries, total) => {
      const plan = planPrune(entries, total, LIMITS);
      const chosen = plan.evictions.map(({ entry: e }) => e);
      expect(plan.freed).toBe(sum(chosen));
      expect(new Set(chosen.map(({ id }) => id)).size).toBe(chosen.length);
      if (!plan.reached) expect(chosen).toHaveLength(entries.length);
      const last = plan.evictions.at(-1);
      if (last !== undefined && last.reason !== 'incompatible') {
        expect(total - plan.freed + last.entry.bytes).toBeGreaterThan(plan.target);
      }
    });
  });

  test('a dear answer goes only when nothing else is left', () => {
    check((entries, total) => {
      const { evictions } = planPrune(entries, total, LIMITS);
      if (!evictions.some(({ reason }) => reason === 'answer-dear')) return;
      const gone = new Set(evictions.map(({ entry: { id } }) => id));
      const kept = entries.filter(({ id }) => !gone.has(id));
      expect(kept.every(({ cost }) => cost !== null && cost.requestMillicents > 100)).toBe(true);
    });
  });

  test('within a step, a repository above its quota has nothing left to give before others give', () => {
    check((entries, total) => {
      const { evictions } = planPrune(entries, total, LIMITS);
      const used = new Map<string, number>();
      for (const { repository, bytes } of entries) used.set(repository, (used.get(repository) ?? 0) + bytes);
      const over = (repository: string) => (used.get(repository) ?? 0) > LIMITS.quota * LIMITS.maxSize;
      evictions.forEach(({ entry: e, reason }, at) => {
        const later = evictions.slice(at + 1).filter((other) => other.reason === reason);
        if (reason !== 'incompatible' && !over(e.repository)) {
          expect(later.filter(({ entry: { repository } }) => over(repository))).toEqual([]);
        }
        used.set(e.repository, (used.get(e.repository) ?? 0) - e.bytes);
      });
    });
  });

  test('what is kept of a step was worth more than what went, repositories apart', () => {
    check((entries, total) => {
      const one = entries.map((e) => ({ ...e, repository: 'one' }));
      const { evictions } = planPrune(one, total, LIMITS);
      const recreatable = evictions.filter(({ reason }) => reason === 'recreatable').map(({ entry: e }) => e);
      const gone = new Set(recreatable.map(({ id }) => id));
      const kept = one.filter((e) => e.compatible && e.cost === null && !gone.has(e.id));
      const newest = Math.max(-Infinity, ...recreatable.map(({ lastAccessed }) => lastAccessed));
      const young = kept.filter(({ lastAccessed }) => lastAccessed >= NOW - 7 * DAY);
      expect(young.every(({ lastAccessed }) => lastAccessed >= newest)).toBe(true);
    });
  });

  test('the same whatever the order of the entries', () => {
    check((entries, total) => {
      const ids = (all: readonly PruneEntry[]) =>
        planPrune(all, total, LIMITS).evictions.map(({ entry: { id } }) => id);
      expect(ids([...entries].reverse())).toEqual(ids(entries));
    });
  });

  test('a hundred thousand entries are planned quickly', () => {
    const many = Array.from({ length: 100_000 }, (_, at) =>
      entry(`e${at}`, {
        idle: at % 50,
        repository: `r${at % 30}`,
        cost: at % 2 === 0 ? paid(at % 90) : null,
      }),
    );
    const started = process.cpuUsage();
    const plan = planPrune(many, 1e7, { ...LIMITS, maxSize: 1e7 });
    expect(plan.reached).toBe(true);
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
  });
});
