import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, priorityOf, valueOf } from '../../../src/pipeline/paid/order.ts';
import type { Priority, Work } from '../../../src/pipeline/paid/order.ts';

const work = (path: string, given: Partial<Work> = {}): Work => ({
  path,
  role: 'library',
  generated: false,
  changedToday: false,
  recent: false,
  churn: 0,
  dependents: 0,
  risk: 0,
  ticks: 1000,
  ...given,
});

describe('priorityOf', () => {
  const check = (given: Work, expected: Priority): void => expect(priorityOf(given)).toBe(expected);
  it('puts entry points and build scripts first, tests and generated code last', () => {
    check(work('src/lib.rs'), 'critical');
    check(work('crates/a/src/main.rs', { role: 'binary' }), 'critical');
    check(work('build.rs', { role: 'build' }), 'critical');
    check(work('src/pool.rs', { recent: true }), 'high');
    check(work('src/pool.rs', { changedToday: true }), 'high');
    check(work('src/pool.rs'), 'normal');
    check(work('src/domain.rs'), 'normal');
    check(work('tests/main.rs', { role: 'test', recent: true }), 'low');
    check(work('src/lib.rs', { generated: true }), 'low');
  });
});

describe('inOrder', () => {
  const check = (works: readonly Work[], expected: readonly string[]): void =>
    expect(inOrder(works).map(({ path }) => path)).toEqual(expected);

  it("takes today's changes before any backlog", () => {
    check(
      [work('src/lib.rs'), work('tests/a.rs', { role: 'test', changedToday: true }), work('src/a.rs')],
      ['tests/a.rs', 'src/lib.rs', 'src/a.rs'],
    );
  });
  it('takes what changes often, is depended on, is risky and cheap first within a class', () => {
    check(
      [
        work('a.rs'),
        work('churn.rs', { churn: 9 }),
        work('risk.rs', { risk: 4 }),
        work('used.rs', { dependents: 20 }),
        work('cheap.rs', { ticks: 10 }),
      ],
      ['cheap.rs', 'used.rs', 'churn.rs', 'risk.rs', 'a.rs'],
    );
  });
  it('orders the same works the same way, however they come', () => {
    const works = fc.array(
      fc.record({
        path: fc.constantFrom('a.rs', 'b.rs', 'src/lib.rs'),
        churn: fc.nat(3),
        changedToday: fc.boolean(),
        ticks: fc.nat(3),
      }),
    );
    const shown = (list: readonly Work[]): string[] =>
      list.map((one) => `${one.changedToday} ${priorityOf(one)} ${valueOf(one)} ${one.path}`);
    fc.assert(
      fc.property(works, (list) => {
        const all = list.map(({ path, ...given }) => work(path, given));
        expect(shown(inOrder([...all].reverse()))).toEqual(shown(inOrder(all)));
      }),
    );
  });
  it('divides by no price of nothing', () => {
    expect(valueOf(work('a.rs', { ticks: 0 }))).toBe(1);
  });
});
