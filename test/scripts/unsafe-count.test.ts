import { expect, test } from 'vitest';
import { unsafeTokens } from '../../scripts/unsafe-count/lexer.ts';

test.each([
  ['unsafe { } unsafe fn f() {}', 2],
  ['// unsafe\n/* unsafe /* unsafe */ unsafe */ unsafe', 1],
  ['"unsafe \\" unsafe" unsafe', 1],
  ['r#"unsafe " unsafe"# br"unsafe\\" unsafe', 1],
  ['c"unsafe" b"unsafe" unsafe', 1],
  ["'u' '\\'' b'\\\\' '\\u{41}' unsafe", 1],
  ["fn f<'unsafe>(x: &'unsafe u8) { unsafe {} }", 1],
  ['$unsafe:tt unsafe', 1],
  ['r#unsafe unsafe_op notunsafe unsafe2 _unsafe', 0],
  ['let q = \'"\'; unsafe {} // "', 1],
  ['1_u8.unsafe()', 1],
  ['"never closed unsafe', 0],
])('%s', (text, count) => {
  expect(unsafeTokens(text)).toHaveLength(count);
});
