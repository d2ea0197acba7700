import { describe, expect, test } from 'vitest';
import type { Silence } from '../../src/cache/dismissals.ts';
import {
  byKey,
  MOST_DISMISSALS,
  NOTHING_SILENCED,
  readDismissals,
  silenced,
  silenceHash,
  writeDismissals,
} from '../../src/cache/dismissals.ts';
import type { Dismissal, Finding } from '../../src/types/finding.ts';

const DISMISSAL: Dismissal = {
  ...{ rule: 'transmute', path: 'src/a.rs', item: 'Ring::push', quote: 'let x = transmute(y);' },
  ...{ reason: 'checked by hand', at: '2026-11-27T10:00:00.000Z' },
};
const FINDING: Finding = {
  ...{ id: '0123456789abcdef', rule: 'transmute', source: 'local', severity: 'critical' },
  ...{ category: 'memory-safety', title: 't', message: 'm', item: 'Ring::push' },
  ...{ quote: 'let x = transmute(y);', startLine: 9, startColumn: 1, endLine: 9, endColumn: 2 },
};

/** What these dismissals silence, and what comments do. */
const silence = (...dismissals: Dismissal[]): Silence => ({
  dismissals: byKey(dismissals),
  comments: 'heard',
});

const after = (finding: Partial<Finding>, dismissal: Partial<Dismissal> = {}, path = 'src/a.rs') =>
  silenced({ ...FINDING, ...finding }, path, silence({ ...DISMISSAL, ...dismissal })).suppressed;

describe('what a dismissal silences', () => {
  test.each<[string, Partial<Finding>, Partial<Dismissal>, string]>([
    ['another line', { startLine: 900, endLine: 900 }, {}, 'src/a.rs'],
    ['other words, another severity', { title: 'x', message: 'y', severity: 'low' }, {}, 'src/a.rs'],
    ['the quote laid out anew', { quote: 'let x =\r\n    transmute(y);' }, {}, 'src/a.rs'],
    ['the item in another file', {}, {}, 'src/b.rs'],
    ['outside of items, its own file', { item: '' }, { item: '' }, 'src/a.rs'],
  ])('the same finding: %s', (_name, finding, dismissal, path) => {
    expect(after(finding, dismissal, path)).toBe('checked by hand');
  });

  test.each<[string, Partial<Finding>, Partial<Dismissal>, string]>([
    ['another rule', { rule: 'static-mut' }, {}, 'src/a.rs'],
    ['another item', { item: 'Ring::pop' }, {}, 'src/a.rs'],
    ['another quote', { quote: 'let x = transmute(z);' }, {}, 'src/a.rs'],
    ['outside of items, another file', { item: '' }, { item: '' }, 'src/b.rs'],
    ['an item named like a file', { item: 'src/a.rs' }, { item: '' }, 'src/a.rs'],
    ['what does not parse', { category: 'syntax' }, {}, 'src/a.rs'],
  ])('not %s', (_name, finding, dismissal, path) => {
    expect(after(finding, dismissal, path)).toBeUndefined();
  });

  test('time stands beside the reason; taken back, nothing of it stays', () => {
    const dismissed = silenced(FINDING, 'src/a.rs', silence(DISMISSAL));
    expect(dismissed).toEqual({
      ...FINDING,
      suppressed: 'checked by hand',
      dismissedAt: '2026-11-27T10:00:00.000Z',
    });
    expect(silenced(dismissed, 'src/a.rs', NOTHING_SILENCED)).toEqual(FINDING);
  });

  test('what the code suppresses keeps its own reason', () => {
    expect(after({ suppressed: 'by a comment' })).toBe('by a comment');
    const silent = { ...FINDING, suppressed: 'by a comment' };
    expect(silenced(silent, 'src/a.rs', NOTHING_SILENCED)).toEqual(silent);
  });

  test('where comments are not heard, people still are', () => {
    const silent = { ...FINDING, suppressed: 'by a comment' };
    expect(silenced(silent, 'src/a.rs', { ...NOTHING_SILENCED, comments: 'unheard' })).toEqual(FINDING);
    const mine: Silence = { ...silence(DISMISSAL), comments: 'unheard' };
    expect(silenced(silent, 'src/a.rs', mine).suppressed).toBe('checked by hand');
  });
});

describe('the file', () => {
  test('what is written is read, in an order of its own', () => {
    const other = { ...DISMISSAL, rule: 'a-rule', quote: '"\\ \u2028 日本' };
    const text = writeDismissals([DISMISSAL, other]);
    expect(text).toBe(writeDismissals([other, DISMISSAL]));
    expect(text.split('\n')).toHaveLength(3);
    expect(readDismissals(text)).toEqual({ dismissals: [other, DISMISSAL], refused: [] });
    expect(readDismissals(text.replaceAll('\n', '\r\n')).dismissals).toHaveLength(2);
  });

  test('a line that is no dismissal silences nothing and is named', () => {
    const line = (given: object) => JSON.stringify({ ...DISMISSAL, ...given });
    const wrong = [
      ...['<<<<<<< HEAD', '[]', 'null', '1', '{}', '{"rule":'],
      ...[line({ rule: '' }), line({ reason: ' ' }), line({ at: 'yesterday' }), line({ quote: 7 })],
      ...[line({ item: 'x'.repeat(5_000) }), line({ reason: 'x'.repeat(2_000) })],
    ];
    const { dismissals, refused } = readDismissals(['', line({}), ...wrong].join('\n'));
    expect(dismissals).toEqual([DISMISSAL]);
    expect(refused).toEqual(wrong.map((_, index) => index + 3));
  });

  test('names of the language are texts like others', () => {
    const text = `{"__proto__":{"rule":"transmute"},"path":"a","item":"i","quote":"q","reason":"why","at":"2026-11-27T10:00:00Z"}\n`;
    expect(readDismissals(text).dismissals).toEqual([]);
    expect(after({ item: 'constructor' }, { item: 'constructor' })).toBe('checked by hand');
  });

  test('only so many are taken', () => {
    const many = Array.from({ length: MOST_DISMISSALS + 5 }, (_, n) => ({ ...DISMISSAL, quote: `q${n}` }));
    const { dismissals, refused } = readDismissals(writeDismissals(many));
    expect([dismissals.length, refused.length]).toEqual([MOST_DISMISSALS, 5]);
  });
});

test('the hash tells sets apart, not their order', () => {
  const other = { ...DISMISSAL, rule: 'static-mut' };
  expect(silenceHash(NOTHING_SILENCED)).toBe('');
  expect(silenceHash(silence(DISMISSAL, other))).toBe(silenceHash(silence(other, DISMISSAL)));
  const hashes = [[DISMISSAL], [other], [DISMISSAL, other], [{ ...DISMISSAL, reason: 'other' }]].map((one) =>
    silenceHash(silence(...one)),
  );
  hashes.push(silenceHash({ ...NOTHING_SILENCED, comments: 'unheard' }), '');
  expect(new Set(hashes).size).toBe(6);
});
