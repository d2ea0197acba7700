import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Piece } from '../../src/search/pack.ts';
import { fillPack } from '../../src/search/pack.ts';

const piece = (more: Partial<Piece>): Piece => ({
  file: 'src/a.rs',
  module: 'a',
  line: 1,
  blocks: [],
  imports: [],
  text: 'fn one() {\n    1\n}',
  signature: 'fn one();',
  ...more,
});
const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

test('each file once, in the order of its lines, with what stands around', () => {
  const pool = { blocks: ['impl Pool'], imports: ['use std::sync::Mutex;'] };
  const pieces = [
    piece({ ...pool, line: 20, text: '    fn two() {}', signature: 'fn two();' }),
    piece({ file: 'src/b.rs', module: '' }),
    piece({ ...pool, line: 10, text: '    fn one() {}' }),
    piece({ line: 5, text: 'struct Pool;' }),
  ];
  expect(fillPack(pieces, 1_000, words).text).toBe(`// file: src/a.rs, module a
use std::sync::Mutex;
// line 5
struct Pool;
impl Pool {
// line 10
    fn one() {}
// line 20
    fn two() {}
}

// file: src/b.rs
// line 1
fn one() {
    1
}
`);
});

test('what has no room stands as its signature, or not at all', () => {
  const long = piece({ line: 3, text: `fn long() { ${'x '.repeat(100)} }`, signature: 'fn long();' });
  const { shown, text } = fillPack([piece({}), long, piece({ ...long, signature: '' })], 40, words);
  expect(shown).toEqual(['whole', 'signature', 'nothing']);
  expect(text).toContain('fn long();');
});

test('it never has more tokens than allowed, and no piece twice', () => {
  const pieces = fc.array(
    fc.record({
      file: fc.constantFrom('a.rs', 'b.rs'),
      module: fc.constant(''),
      line: fc.nat(50),
      blocks: fc.constantFrom([], ['impl A'], ['mod x', 'impl B']),
      imports: fc.constantFrom([], ['use a::b;']),
      text: fc.lorem({ maxCount: 30 }),
      signature: fc.constantFrom('', 'fn f();'),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(pieces, fc.nat(120), (given, budget) => {
      const { tokens, text, shown } = fillPack(given, budget, words);
      expect(tokens).toBe(words(text));
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(shown).toHaveLength(given.length);
      const marks = text.split('\n').filter((line) => line.startsWith('// line'));
      expect(marks).toHaveLength(shown.filter((how) => how !== 'nothing').length);
    }),
  );
});
