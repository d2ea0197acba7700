import { expect, test } from 'vitest';
import { audited, done, factsOf } from './support.ts';

test('every place, by its kind, with the item it stands in', () => {
  const text = `unsafe trait T { unsafe fn m(&self); }
    unsafe impl T for u8 { unsafe fn m(&self) {} }
    unsafe extern "C" { unsafe static X: u8; }
    mod a { #[unsafe(no_mangle)] pub fn f(g: unsafe fn()) { unsafe { g() } } }
    macro_rules! n { () => { unsafe fn x() {} } }
    #[cfg(test)] mod tests { #[test] fn t() { unsafe {} } }`;
  const places = factsOf(text).sites.map(({ kind, name, item, test: inTest }) =>
    [kind, name, item, ...(inTest ? ['test'] : [])].join(' '),
  );
  expect(places).toEqual([
    'trait T T',
    'fn m T::m',
    'impl T <u8 as T>',
    'fn m <u8 as T>::m',
    'extern  ',
    'static X X',
    'attribute no_mangle a::f',
    'fn-type  a::f',
    'block  a::f',
    'macro fn n',
    'block  tests::t test',
  ]);
});

test('what is done in a block, by names that the file declares', () => {
  const text = `static mut COUNT: u8 = 0;
    union U { bits: u32 } struct S { plain: u8 }
    extern "C" { fn open(path: *const u8) -> i32; safe fn zero() -> i32; }
    struct R; impl R { unsafe fn at(&self, i: usize) -> u8 { 0 } fn len(&self) -> usize { 0 } }
    unsafe fn free(p: *mut u8) {}
    fn f(p: *mut u8, r: &R, s: S, u: U, q: &u8) {
      unsafe {
        free(p); r.at(1); R::at(r, 2); r.len(); open(p); zero();
        *p; *q; *(q as *const u8); COUNT += 1; u.bits; s.plain; asm!("nop");
      }
    }`;
  expect(done(text)).toEqual([
    'call free',
    'call R::at',
    'call R::at',
    'call open',
    'dereference *p',
    'dereference *q?',
    'dereference *(q as *const u8)',
    'asm asm!("nop")',
    'static-mut COUNT',
    'union-field bits?',
  ]);
});

test('a name and number of arguments that fit something safe as well are doubtful', () => {
  const text = `struct A; impl A { unsafe fn get(&self, i: usize) {} }
    struct B; impl B { fn get(&self, i: usize) {} }
    fn f(a: A) { unsafe { a.get(1); A::get(&a, 2); a.get(1, 2); } }`;
  expect(done(text)).toEqual(['call A::get?', 'call A::get']);
});

test('an inner block, closure or function takes what lies in it', () => {
  const text = `unsafe fn u() {}
    unsafe fn f() { u(); unsafe { u(); let c = || u(); } fn g() { u(); } }`;
  const sites = audited(text).map(({ kind, item, operations }) => [kind, item, operations.length]);
  expect(sites).toEqual([
    ['fn', 'u', 0],
    ['fn', 'f', 1],
    ['block', 'f', 2],
  ]);
});

test('in a macro’s arguments calls are found, and a block in them is one', () => {
  const text = 'unsafe fn u(a: u8) {} fn f() { assert_eq!(1, unsafe { u(1) }); }';
  expect(done(text)).toEqual(['call u']);
});

test.each([
  ['above', '// SAFETY: p is valid\n let x = unsafe { g() };', 'SAFETY: p is valid'],
  ['above, over lines', '// SAFETY: p is\n // valid\n unsafe { g() }', 'SAFETY: p is valid'],
  ['inside', 'unsafe {\n // safe: one thread\n g() }', 'safe: one thread'],
  ['beside', 'unsafe { g() } // sound: checked', 'sound: checked'],
  ['above two lines that need it', '// SAFETY: both\n unsafe { h() };\n unsafe { g() };', 'SAFETY: both'],
  ['of a block comment', '/* SAFETY: p is valid */\n unsafe { g() }', 'SAFETY: p is valid'],
  ['not of another statement', '// SAFETY: p is valid\n h();\n unsafe { g() }', null],
  ['not across a blank line', '// SAFETY: p is valid\n\n unsafe { g() }', null],
  ['not one that does not argue', '// calls g\n unsafe { g() }', null],
  ['not an empty one', '// SAFETY: TODO\n unsafe { g() }', null],
  ['not in a string', 'let s = "// SAFETY: x";\n unsafe { g() }', null],
  ['not a nested block’s', 'unsafe {\n g(unsafe {\n // SAFETY: inner\n h() }) }', null],
])('the comment: %s', (_, body, expected) => {
  const last = factsOf(`fn f() {\n ${body}\n}`).sites.filter(({ kind }) => kind === 'block');
  const block = body.includes('inner') ? last[0] : last.at(-1);
  expect(block?.comment).toBe(expected);
});

test('what does not parse is said, where the word stands in it at all', () => {
  expect(factsOf('fn f( { unsafe { g() } \n fn h() {}').problem).toContain('cannot be read');
  expect(factsOf('extern crate a; fn f( {').problem).toBeNull();
});

test('what no comment mentions', () => {
  const text = `/// # Safety
    /// - \`i\` must be in bounds
    /// - the buffer must be initialized
    unsafe fn at(i: usize) {}
    fn f() {
      // SAFETY: i < len
      unsafe { at(1) }
    }
    fn g() { unsafe { at(2) } }
    /// # Safety
    /// The buffer must be initialized, and j be in bounds.
    unsafe fn h() { at(3); unsafe { at(4) } }
    unsafe fn silent() {}
    unsafe impl Send for X {}`;
  const clause = (text: string) => ({ kind: 'clause', path: 'at', clause: text });
  expect(audited(text).map(({ item, kind, gaps }) => [kind, item, gaps])).toEqual([
    ['fn', 'at', []],
    ['block', 'f', [clause('the buffer must be initialized')]],
    [
      'block',
      'g',
      [{ kind: 'no-comment' }, clause('`i` must be in bounds'), clause('the buffer must be initialized')],
    ],
    ['fn', 'h', []],
    ['block', 'h', []],
    ['fn', 'silent', [{ kind: 'no-contract' }]],
    ['impl', '<X as Send>', [{ kind: 'no-comment' }]],
  ]);
});

test('an impl answers for what its trait asks', () => {
  const text = `/// # Safety
    /// The value must not be pinned.
    unsafe trait Loose {}
    // SAFETY: it has no fields
    unsafe impl Loose for A {}`;
  const [, implementation] = audited(text);
  expect(implementation?.implements?.clauses).toEqual(['The value must not be pinned.']);
  expect(implementation?.gaps).toEqual([
    { kind: 'clause', path: 'Loose', clause: 'The value must not be pinned.' },
  ]);
});
