import { expect, test } from 'vitest';
import { oneLine, printable, printableJson, printableLines } from '../../src/util/printable.ts';

/** Of each kind of what is not seen or moves a cursor, one; then what a reader must see as it is. */
const HIDDEN = [
  ...['\u0000', '\u0007', '\u001b', '\u007f', '\u009b', '\r', '\n', '\u2028', '\u2029'],
  ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'],
  ...['\u00ad', '\u034f', '\u115f', '\u180e', '\u200b', '\u200d', '\u2060', '\u3164', '\ufeff', '\ufff9'],
  ...['\ufe00', '\ufe0f', '\u{e0041}', '\u{e0100}', '\ud800'],
];
const SEEN = ['a', 'ß', '日本', 'שלום', '🦀', '⚠\ufe0f', '\u00a0', '\\', '"'];

test.each(HIDDEN.map((one) => [`U+${one.codePointAt(0)?.toString(16)}`, one]))(
  '%s is escaped',
  (_name, one) => {
    const code = one.codePointAt(0)?.toString(16) ?? '';
    expect(printable(`a${one}b`)).toBe(`a\\u{${code}}b`);
    expect(printableJson(`a${one}b`)).toMatch(/^"a(?:\\u[0-9a-f]{4}|\\[rn]){1,2}b"$/);
    expect(JSON.parse(printableJson(`a${one}b`))).toBe(`a${one}b`);
  },
);

test.each(SEEN)('%s stays', (one) => {
  expect([printable(one), oneLine(one)]).toEqual([one, one.trim()]);
  expect(printableJson(one)).toBe(JSON.stringify(one));
});

test('lines stay lines where they are wanted, and become one where they are not', () => {
  expect(printableLines('a\r\n\t\u001bb\nc')).toBe('a\n\t\\u{1b}b\nc');
  expect(oneLine(' a\r\n\tb\u001b ')).toBe('a b\\u{1b}');
  expect(printable('a\tb')).toBe('a b');
});
