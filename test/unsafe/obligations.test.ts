import { expect, test } from 'vitest';
import { obligationsOf } from '../../src/unsafe/obligations.ts';
import { audited } from './support.ts';

/** Of the one place of a kind: `path: the beginning of its clause`. */
function owed(text: string, kind = 'block'): string[] {
  const [site, ...more] = audited(text).filter((one) => one.kind === kind);
  if (site === undefined || more.length > 0) throw new Error(`not one ${kind}`);
  return obligationsOf(site).map(({ path, clause }) => `${path}: ${clause.split(' ').slice(0, 4).join(' ')}`);
}

const SET = '/// # Safety\n/// - The lock is held.\n/// - `p` is valid.\nunsafe fn set(p: *mut u8) {}\n';

test.each([
  [
    'what is called',
    `${SET}fn f(p: *mut u8) { unsafe { set(p) } }`,
    ['set: The lock is held.', 'set: `p` is valid.'],
  ],
  [
    'each once',
    `${SET}fn f(p: *mut u8) { unsafe { set(p); set(p) } }`,
    ['set: The lock is held.', 'set: `p` is valid.'],
  ],
  ['the language', 'fn f(p: *const u8) -> u8 { unsafe { *p } }', ['*p: The pointer is aligned,']],
  ['a static', 'static mut N: u8 = 0;\nfn f() { unsafe { N += 1 } }', ['N: No other thread and']],
  ['nothing stated', 'unsafe fn g() {}\nfn f() { unsafe { g() } }', []],
])('of a block: %s', (_, text, expected) => {
  expect(owed(text)).toEqual(expected);
});

test('of an implementation: what its trait demands, or the language of Send and Sync', () => {
  const own = '/// # Safety\n/// All zeros is a value.\nunsafe trait Zero {}\nunsafe impl Zero for u8 {}';
  expect(owed(own, 'impl')).toEqual(['Zero: All zeros is a']);
  expect(owed('struct S;\nunsafe impl Send for S {}', 'impl')).toEqual(['Send: Values of the type']);
  expect(owed('struct S;\nunsafe impl Sync for S {}', 'impl')).toEqual(['Sync: Shared references to the']);
});
