import { describe, expect, test } from 'vitest';
import { difference } from '../../src/cache/news.ts';
import type { ToldFinding } from '../../src/cache/told.ts';
import { packTold, unpackTold } from '../../src/cache/told.ts';

/** `id/key`, with `!` before what is suppressed and `~` before what a model said. */
function told(text: string): ToldFinding[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [id = '', key = id] = word.replace(/^[!~]+/, '').split('/');
      const hex = (name: string) => Buffer.from(name.padEnd(8, '.')).toString('hex');
      const marks = /^[!~]*/.exec(word)?.[0] ?? '';
      const flags = { suppressed: marks.includes('!'), llm: marks.includes('~') };
      return { id: hex(id), key: hex(key), severity: 'high', ...flags };
    });
}

const names = (ids: Iterable<string>) =>
  [...ids].map((id) => Buffer.from(id, 'hex').toString().replace(/\.+$/, ''));

const compare = (...files: readonly (readonly [before: string, now: string, complete?: boolean])[]) =>
  difference(
    files.map(([before, now, complete = true]) => ({ before: told(before), now: told(now), complete })),
  );

describe('what is new and what is fixed', () => {
  test.each<[string, [string, string][], string[], number]>([
    ['nothing changes', [['a b', 'b a']], [], 0],
    ['one comes, one goes', [['a b', 'b c']], ['c'], 1],
    ['a file comes', [['', 'a b']], ['a', 'b'], 0],
    ['a file goes', [['a b', '']], [], 2],
    [
      'a file is renamed',
      [
        ['a1/a', ''],
        ['', 'a2/a'],
      ],
      [],
      0,
    ],
    ['it is dismissed', [['a', '!a']], [], 0],
    ['what is dismissed goes', [['!a', '']], [], 0],
    ['it is restored', [['!a', 'a']], ['a'], 0],
    ['two equal ones, one goes', [['a0/a a1/a', 'a0/a']], [], 1],
    ['two equal ones of one', [['a0/a', 'a0/a a1/a']], ['a1'], 0],
    [
      'one moves, its equal comes',
      [
        ['a1/a', ''],
        ['', 'a2/a a3/a'],
      ],
      ['a3'],
      0,
    ],
  ])('%s', (_name, files, added, fixed) => {
    const result = compare(...files);
    expect(names(result.added)).toEqual(added);
    expect([result.new.high, result.fixed.high]).toEqual([added.length, fixed]);
  });

  test('what a model said is not mended while its answer is missing', () => {
    const open = compare(['a ~b', '', false]);
    expect(open.fixed.high).toBe(1);
    expect(names(open.pending.flat().map(({ id }) => id))).toEqual(['b']);
    const done = compare(['a ~b', '', true]);
    expect([done.fixed.high, done.pending.flat()]).toEqual([2, []]);
  });
});

test('what is packed comes back', () => {
  const severities = ['critical', 'info', 'medium', 'low'] as const;
  const all = told('a/k !b ~c !~d').map((one, index): ToldFinding => ({
    ...one,
    severity: severities[index] ?? 'high',
  }));
  expect(packTold(all)).toHaveLength(4 * 17);
  expect(unpackTold(packTold(all))).toEqual(all);
  // As a database hands it over: part of a larger buffer.
  const padded = Buffer.concat([Buffer.from([1, 2, 3]), packTold(all)]);
  expect(unpackTold(padded.subarray(3))).toEqual(all);
});
