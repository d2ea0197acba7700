import { expect, test } from 'vitest';
import { eachWord } from '../../../src/embed/builtin/words.ts';

function words(text: string, limit = 100): string {
  const found: string[] = [];
  eachWord(text, limit, (word) => found.push(word));
  return found.join(' ');
}

test.each([
  ['fn parse_line(text: &str)', 'fn parse line text str'],
  ['parseHTTPRequest', 'parse HTTP Request'],
  ['HttpServer IOError fooBAR', 'Http Server IO Error foo BAR'],
  ['u8 f64 i128 x86_64 h2', 'u8 f64 i128 x86 64 h2'],
  ['sha256 utf16le base64', 'sha 256 utf 16 le base 64'],
  ["don't a b T", 'don'],
  ['naïve Straße 日本', 'na ve Stra'],
  ['', ''],
  ['__x__', ''],
])('%s', (text, expected) => expect(words(text)).toBe(expected));

test('what is too long to be a word is none, and no more are read than asked for', () => {
  expect(words(`${'a'.repeat(32)} ${'b'.repeat(33)} cc`)).toBe(`${'a'.repeat(32)} cc`);
  expect(words('one two three four', 2)).toBe('one two');
});
