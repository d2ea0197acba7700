import { expect, test } from 'vitest';
import { itemOf, outline, syntaxOf } from './support.ts';

function check(text: string, expected: readonly string[]): void {
  expect(outline(text)).toEqual(expected);
}

test('functions, types and macros are units; imports, aliases and small constants are not', () => {
  check(
    `extern crate alloc;
use std::fmt;
mod other;
fn run() {}
struct Unit;
struct Pair(u8, u8);
enum Shape { Square }
union Bits { a: u8 }
type Short = Vec<u8>;
const SMALL: u8 = 1;
static ONE: u8 = 1;
macro_rules! twice { ($x:expr) => { $x + $x } }
pub macro modern($x:expr) { $x }
trait Alias = Clone;`,
    [
      '- extern crate alloc',
      '- use ',
      '- mod other',
      '+ fn run',
      '+ struct Unit',
      '+ struct Pair',
      '+ enum Shape',
      '+ union Bits',
      '- type Short',
      '- const SMALL',
      '- static ONE',
      '+ macro twice',
      '+ macro modern',
      '- trait Alias',
    ],
  );
});

test('a constant of 200 characters is a unit', () => {
  const text = (length: number): string => `const TABLE: &str = "${'x'.repeat(length - 23)}";`;
  expect(text(200)).toHaveLength(200);
  check(text(199), ['- const TABLE']);
  check(text(200), ['+ const TABLE']);
});

test('blocks are split into their members', () => {
  check(
    `mod pool {
    impl<T> Pool<T> { fn acquire(&self) {} const SIZE: usize = 1; }
    impl<T> Drop for Pool<T> { fn drop(&mut self) {} }
    impl<T> From<Vec<T>> for Pool<T> { fn from(v: Vec<T>) -> Self { v.into() } }
    trait Open { fn open(&self); fn close(&self) {} }
    extern "C" { fn puts(s: *const u8); }
}`,
    [
      '- mod pool',
      '  - impl pool::Pool',
      '    + fn pool::Pool::acquire',
      '    - const pool::Pool::SIZE',
      '  - impl pool::<Pool as Drop>',
      '    + fn pool::<Pool as Drop>::drop',
      '  - impl pool::<Pool as From<Vec<T>>>',
      '    + fn pool::<Pool as From<Vec<T>>>::from',
      '  - trait pool::Open',
      '    - fn pool::Open::open',
      '    + fn pool::Open::close',
      '  - extern pool',
      '    - fn pool::puts',
    ],
  );
});

test('a trait or implementation without units in it is one itself', () => {
  check(
    `trait Shape { fn area(&self) -> f64; }
unsafe impl Send for Pool {}
impl Iterator for &'a mut Rows<'a> { type Item = Row; }
impl !Sync for crate::pool::Pool {}
mod empty { use super::*; }`,
    [
      '+ trait Shape',
      '  - fn Shape::area',
      '+ impl <Pool as Send>',
      "+ impl <&'a mut Rows<'a> as Iterator>",
      "  - type <&'a mut Rows<'a> as Iterator>::Item",
      '+ impl <Pool as !Sync>',
      '- mod empty',
      '  - use empty',
    ],
  );
});

test('items in a function are its children and no units', () => {
  check(
    `fn outer() {
    fn inner() { struct Deep; }
    impl Local { fn method(&self) {} }
    let f = || { const HERE: u8 = 1; };
    some_macro! { fn not_an_item() {} }
}
const _: () = { impl Marker for X { fn marked() {} } };`,
    [
      '+ fn outer',
      '  - fn outer::inner',
      '    - struct outer::inner::Deep',
      '  - impl outer::Local',
      '    - fn outer::Local::method',
      '  - const outer::HERE',
      '- const _',
      '  - impl <X as Marker>',
      '    - fn <X as Marker>::marked',
    ],
  );
});

test('attributes and documentation belong to the item', () => {
  const text = `// apart
/// First line.
///   indented
/** Block
 * lines */
#[inline]
// between
#[doc = "By attribute."]
pub(crate) async unsafe fn go<T>(
    &self, // who
    n: u8,
) -> u8
where
    T: Copy,
{ 1 }`;
  const item = itemOf(text, 'go');
  expect(text.slice(item.start)).toMatch(/^\/\/\/ First/);
  expect(text.slice(item.head)).toMatch(/^pub\(crate\)/);
  expect(item).toMatchObject({
    doc: 'First line.\n  indented\nBlock\nlines\nBy attribute.',
    attributes: ['#[inline]', '#[doc = "By attribute."]'],
    visibility: 'pub(crate)',
    signature: 'pub(crate) async unsafe fn go<T>( &self, n: u8, ) -> u8 where T: Copy,',
    startLine: 9,
    endLine: 15,
    unsafe: true,
    async: true,
    test: false,
    broken: false,
  });
  expect(text.slice(item.body?.start, item.body?.end)).toBe('{ 1 }');
});

test('signatures show the head, and short values', () => {
  const signature = (text: string): string => syntaxOf(text).items[0]?.signature ?? '';
  expect(signature('pub struct Pair<T>(pub T, u8) where T: Copy;')).toBe(
    'pub struct Pair<T>(pub T, u8) where T: Copy',
  );
  expect(signature('struct Rec<T> { a: T }')).toBe('struct Rec<T>');
  expect(signature('pub const MAX: usize = 10;')).toBe('pub const MAX: usize = 10');
  expect(signature(`const BIG: &[u8] = &[${'1, '.repeat(100)}];`)).toBe('const BIG: &[u8]');
  expect(signature('pub use a::{b,\n  c};')).toBe('pub use a::{b, c}');
  expect(signature('impl<T> Tr for X<T>\nwhere T: Y {}')).toBe('impl<T> Tr for X<T> where T: Y');
  expect(signature('macro_rules! m { () => {} }')).toBe('macro_rules! m');
});

test('bodies have their braces', () => {
  const body = (text: string): string | null => {
    const range = syntaxOf(text).items[0]?.body ?? null;
    return range === null ? null : text.slice(range.start, range.end);
  };
  expect(body('struct A { b: u8 }')).toBe('{ b: u8 }');
  expect(body('struct A(u8);')).toBe('(u8)');
  expect(body('macro_rules! m { () => {} }')).toBe('{ () => {} }');
  expect(body('macro_rules! m ( () => {} );')).toBe('( () => {} )');
  expect(body('foo! { a }')).toBe('{ a }');
  expect(body('const A: u8 = { 1 };')).toBeNull();
  expect(body('fn f();')).toBeNull();
  expect(body('mod m;')).toBeNull();
});

test('raw identifiers and the names of unnamed things', () => {
  check('fn r#match() {} struct r#type; extern "C" {} impl crate::a::B<u8> { fn c() {} }', [
    '+ fn r#match',
    '+ struct r#type',
    '- extern ',
    '- impl B',
    '  + fn B::c',
  ]);
});

test('what is test code', () => {
  const tests = (text: string): string[] =>
    syntaxOf(text)
      .items.filter((item) => item.test)
      .map(({ path }) => path);
  expect(
    tests('#[test] fn a() {} #[tokio::test(flavor = "x")] async fn b() {} #[rstest] fn c() {} fn d() {}'),
  ).toEqual(['a', 'b', 'c']);
  expect(tests('#[cfg(test)] mod tests { use super::*; fn helper() { fn deep() {} } }')).toEqual([
    'tests',
    'tests',
    'tests::helper',
    'tests::helper::deep',
  ]);
  expect(tests('#[cfg(all(test, feature = "x"))] mod a {} #[cfg(all(unix, any(test)))] mod b {}')).toEqual([
    'a',
    'b',
  ]);
  expect(
    tests('#[cfg(not(test))] fn a() {} #[cfg(any(test, unix))] fn b() {} #[cfg(feature = "test")] fn c() {}'),
  ).toEqual([]);
  expect(tests('mod a { #![cfg(test)] fn b() {} } fn c() {}')).toEqual(['a', 'a::b']);
  expect(tests('#![cfg(test)]\nfn a() {}')).toEqual(['a']);
  expect(tests('proptest! { fn a(x in 0..1) {} }')).toEqual(['proptest!']);
});
