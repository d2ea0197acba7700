import { expect, test } from 'vitest';
import type { Site } from '../../src/types/syntax.ts';
import { sitesOf, syntaxOf } from './support.ts';

function check(text: string, kinds: readonly Site['kind'][], expected: readonly string[]): void {
  expect(sitesOf(text, ...kinds)).toEqual(expected);
}

/** What stands from a site's detail on. */
function details(text: string, kind: Site['kind']): string[] {
  return syntaxOf(text)
    .sites.filter((site) => site.kind === kind)
    .map(({ detail, end }) => text.slice(detail, end));
}

test('calls of paths, methods, generics, fields and results', () => {
  const text = 'fn f() { a(1); b::c::<T>(2); self.d.e(3)(4); g.h::<T>(5); (i)(6); <J as K>::l(7); }';
  check(
    text,
    ['call'],
    [
      'call a: a(1)',
      'call c: b::c::<T>(2)',
      'call: self.d.e(3)(4)',
      'call e: self.d.e(3)',
      'call h: g.h::<T>(5)',
      'call: (i)(6)',
      'call l: <J as K>::l(7)',
    ],
  );
  expect(details(text, 'call')).toEqual(['(1)', '(2)', '(4)', '(3)', '(5)', '(6)', '(7)']);
});

test('macros', () => {
  const text = 'fn f() { println!("a"); log::warn![b]; vec! {c} }';
  check(
    text,
    ['macro'],
    ['macro println: println!("a")', 'macro warn: log::warn![b]', 'macro vec: vec! {c}'],
  );
  expect(details(text, 'macro')).toEqual(['("a")', '[b]', '{c}']);
});

test('a macro’s arguments are read as tokens', () => {
  check(
    'fn f() { assert!(a.b().unwrap(), x::y(1), vec![z(2)], self.c.await, unsafe { d }, "s", in (e), q != (r)); }',
    ['call', 'macro', 'await', 'unsafe-block', 'string'],
    [
      'macro assert: assert!(a.b().unwrap(), x::y(1), vec![z(2)], self.c.await, unsafe { d }, "s", in (e), q != (r))',
      'call b: b()',
      'call unwrap: unwrap()',
      'call y: x::y(1)',
      'macro vec: vec![z(2)]',
      'call z: z(2)',
      'await: await',
      'unsafe-block: unsafe { d }',
      'string: "s"',
    ],
  );
});

test('the right side of a macro definition is read as tokens, the left is not', () => {
  check('macro_rules! m { (a($x:expr)) => { $x.unwrap() }; }', ['call'], ['call unwrap: unwrap()']);
});

test('definitions among tokens are no calls', () => {
  check('m! { fn a(b c) {} struct D(e) f(g) }', ['call'], ['call f: f(g)']);
});

test('attributes hold strings and no code', () => {
  check(
    '#[cfg(all(unix))] #[doc = "d"] fn f() { m! { #[cfg(any(x))] y(1) } }',
    ['call', 'string'],
    ['string: "d"', 'call y: y(1)'],
  );
});

test('let and discard', () => {
  const text =
    'fn f() { let _ = a(); let mut b: u8 = 1; let (c, _) = d; let Some(e) = g else { return }; let h; let _; }';
  check(
    text,
    ['let', 'discard'],
    [
      'discard: let _ = a();',
      'let b: let mut b: u8 = 1;',
      'let (c, _): let (c, _) = d;',
      'let Some(e): let Some(e) = g else { return };',
      'let h: let h;',
      'let _: let _;',
    ],
  );
  expect([...details(text, 'discard'), ...details(text, 'let')]).toEqual([
    'a();',
    '1;',
    'd;',
    'g else { return };',
    '',
    '',
  ]);
});

test('control flow, blocks and what is awaited or tried', () => {
  check(
    `async fn f() { 'l: loop { break 'l; } loop { break; } a.await?; async move { return }; unsafe { b && c || d } }`,
    ['loop', 'jump', 'await', 'try', 'async-block', 'unsafe-block', 'return', 'logical'],
    [
      `loop: 'l: loop { break 'l; }`,
      `jump 'l: break 'l`,
      'loop: loop { break; }',
      'try: a.await?',
      'await: a.await',
      'async-block: async move { return }',
      'return: return',
      'unsafe-block: unsafe { b && c || d }',
      'logical: b && c || d',
      'logical: b && c',
    ],
  );
});

test('static mut and unsafe impl', () => {
  check(
    'static mut A: u8 = 1; static B: u8 = 2; unsafe impl std::marker::Send for C {} impl Sync for C {}',
    ['static-mut', 'unsafe-impl'],
    ['static-mut A: static mut A: u8 = 1;', 'unsafe-impl Send: unsafe impl std::marker::Send for C {}'],
  );
});

test('strings with their quotes, comments without their line break', () => {
  check(
    '//! top\r\n/// doc\r\nfn f() { /* a */ let s = b"x\\"y"; r#"z"#; } // end\r\n',
    ['string', 'comment'],
    [
      'comment: //! top',
      'comment: /// doc',
      'comment: /* a */',
      'string: b"x\\"y"',
      'string: r#"z"#',
      'comment: // end',
    ],
  );
});

test('a site knows the site and the item around it', () => {
  const text = 'impl A { fn f() { if x { g(); } fn h() { i(); } } }';
  const { sites, items } = syntaxOf(text);
  const calls = sites.filter(({ kind }) => kind === 'call');
  expect(calls.map(({ item }) => items[item]?.path)).toEqual(['A::f', 'A::f::h']);
  const around = (site: Site | undefined): string[] =>
    site === undefined ? [] : [site.kind, ...around(sites[site.parent])];
  expect(calls.map(around)).toEqual([
    ['call', 'block', 'if', 'block', 'fn'],
    ['call', 'block', 'fn', 'block', 'fn'],
  ]);
});

test('every word `unsafe` is a block, an item, a pointer’s type, an attribute or a token', () => {
  const text = `#[unsafe(no_mangle)] unsafe fn f(g: unsafe fn(u8), h: for<'a> unsafe extern "C" fn(&'a u8)) {}
    #[cfg_attr(x, unsafe(naked))] fn k() { m!(unsafe { a() }, #[unsafe(link)] 2, unsafe fn()); unsafe {} }
    macro_rules! n { (unsafe $(unsafe)? fn) => { unsafe impl X {} } }`;
  check(
    text,
    ['unsafe-fn-type', 'unsafe-attribute', 'unsafe-token', 'unsafe-block'],
    [
      'unsafe-attribute no_mangle: unsafe',
      'unsafe-fn-type: unsafe fn(u8)',
      `unsafe-fn-type: unsafe extern "C" fn(&'a u8)`,
      'unsafe-attribute naked: unsafe',
      'unsafe-block: unsafe { a() }',
      'unsafe-attribute link: unsafe',
      'unsafe-token fn: unsafe',
      'unsafe-block: unsafe {}',
      'unsafe-token: unsafe',
      'unsafe-token: unsafe',
      'unsafe-token impl: unsafe',
    ],
  );
});

test('dereferences, and no other sign', () => {
  check(
    'fn f() { let a = *b + c * -d; *e.f() = !g; }',
    ['dereference'],
    ['dereference: *b', 'dereference: *e.f()'],
  );
});
