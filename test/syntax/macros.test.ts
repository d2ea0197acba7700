import { expect, test } from 'vitest';
import { itemOf, outline, sitesOf, syntaxOf } from './support.ts';

function check(text: string, expected: readonly string[]): void {
  expect(outline(text)).toEqual(expected);
}

test('a macro whose body reads as items is split into them', () => {
  check(
    `cfg_rt! {
    use std::fmt;
    impl Pool { /// doc
        pub fn acquire(&self) {} }
    cfg_io! { fn nested() {} }
}`,
    [
      '- macro cfg_rt!',
      '  - use ',
      '  - impl Pool',
      '    + fn Pool::acquire',
      '  - macro cfg_io!',
      '    + fn nested',
    ],
  );
});

test('offsets in a split body are those of the file', () => {
  const text = `fn before() {}\n// 🦀\ncfg_rt! {\n    #[inline]\n    fn inside() { x.unwrap(); }\n}\n`;
  const inside = itemOf(text, 'inside');
  expect(text.slice(inside.start, inside.end)).toBe('#[inline]\n    fn inside() { x.unwrap(); }');
  expect(inside.startLine).toBe(5);
  expect(inside.metrics?.unwraps).toBe(1);
  expect(sitesOf(text, 'call')).toEqual(['call unwrap: x.unwrap()']);
});

test('the branches of cfg_if! and cfg_select! are read one by one', () => {
  check(
    `cfg_if::cfg_if! {
    if #[cfg(unix)] { fn a() {} struct S; }
    else if #[cfg(test)] { mod b { fn c() {} } }
    else { }
}
cfg_select! { unix => { fn d() {} } _ => { fn e() {} } }
match_cfg! { #[cfg(unix)] => { fn f() {} } _ => { fn g() {} } }`,
    [
      '- macro cfg_if!',
      '  + fn a',
      '  + struct S',
      '  - mod b',
      '    + fn b::c',
      '- macro cfg_select!',
      '  + fn d',
      '  + fn e',
      '- macro match_cfg!',
      '  + fn f',
      '  + fn g',
    ],
  );
});

test('a cfg_if! branch under test is test code', () => {
  const { items } = syntaxOf(`cfg_if! { if #[cfg(test)] { fn a() {} } else { fn b() {} } }
cfg_if! { if #[cfg(unix)] { fn c() {} } else if #[cfg(test)] { fn d() {} } }`);
  expect(items.map((item) => [item.path, item.test])).toEqual([
    ['cfg_if!', false],
    ['a', true],
    ['b', false],
    ['cfg_if!', false],
    ['c', false],
    ['d', true],
  ]);
});

test('comments between branches are recorded, in order', () => {
  const text =
    'cfg_if! { /* a */ if #[cfg(unix)] { /* b */ fn f() {} } /* c */ else { mod g; /* d */ } }\nm! { /* e */ fn h() {} }';
  expect(sitesOf(text, 'comment')).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `comment: /* ${name} */`));
});

test('a body that is no list of items leaves the call a unit of unknown metrics', () => {
  const text = `lazy! { fn broken(a b) {} }
bits! { pub struct Flags: u32 { const A = 1; } }
numbers!(1, 2);
#[cfg(unix)]
paths::list![a, b];
mod m { call!(a); }`;
  check(text, [
    '+ macro lazy!',
    '+ macro bits!',
    '+ macro numbers!',
    '+ macro list!',
    '- mod m',
    '  + macro m::call!',
  ]);
  const { items, diagnostics, metrics } = syntaxOf(text);
  expect(items.every((item) => item.metrics === null && !item.broken)).toBe(true);
  expect(diagnostics.map(({ kind }) => kind)).toEqual(['macro-body-unparsed']);
  expect(metrics).not.toBeNull();
  expect(items.map(({ start, end }) => text.slice(start, end)).slice(2, 4)).toEqual([
    'numbers!(1, 2);',
    '#[cfg(unix)]\npaths::list![a, b];',
  ]);
  expect(text.slice(items.at(-1)?.start, items.at(-1)?.end)).toBe('call!(a);');
});

test('a body of small things is one unit', () => {
  check('lazy_static! { static ref A: u8 = a().unwrap(); }', ['+ macro lazy_static!', '  - static A']);
});

test('calls in functions are no items, whatever is in them', () => {
  check('fn f() { cfg_rt! { fn g() {} } println!("x"); quote! { struct A; } }', ['+ fn f']);
});

test('macros in macros end somewhere', () => {
  const deep = `${'m! { '.repeat(40)}fn f() {}${' }'.repeat(40)}`;
  const { items } = syntaxOf(deep);
  expect(items.length).toBeGreaterThan(5);
  expect(items.length).toBeLessThan(20);
  expect(items.filter(({ unit }) => unit)).toHaveLength(1);
});
