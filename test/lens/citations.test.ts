import { expect, test } from 'vitest';
import { checkedCitations } from '../../src/lens/citations.ts';

const SHOWN = [
  {
    root: '/r',
    path: 'src/a.rs',
    line: 10,
    text: '/// Adds.\nfn add(a: u8) -> u8 {\n    a +\n        one()\n}',
  },
  { root: '/r', path: 'src/b.rs', line: 1, text: 'fn other() {}' },
];

test.each([
  ['src/a.rs', 'fn add(a: u8) -> u8 {', 11],
  ['src/a.rs', 'fn   add( a:u8 ) -> u8 {', 11],
  ['src/a.rs', 'a + one()', 12],
  ['src/b.rs', 'fn other() {}', 1],
])('%s: %j stands at line %i', (path, quote, line) => {
  expect(checkedCitations([{ path, quote }], SHOWN)).toMatchObject([{ number: 1, path, line }]);
});

test.each([
  ['src/a.rs', 'fn other() {}'],
  ['src/c.rs', 'fn other() {}'],
  ['src/a.rs', 'fn subtract()'],
  ['src/a.rs', '{ }'],
  ['', ''],
])('%s: %j stands nowhere', (path, quote) => {
  expect(checkedCitations([{ path, quote }], SHOWN)).toEqual([]);
});

test('numbers stay those of the answer', () => {
  const cited = [
    { path: 'src/a.rs', quote: 'made up here' },
    { path: 'src/b.rs', quote: 'fn other() {}' },
  ];
  expect(checkedCitations(cited, SHOWN).map(({ number }) => number)).toEqual([2]);
});
