import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitTexts, unitsOf } from '../../src/lens/context.ts';
import type { UnitText } from '../../src/lens/context.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import type { Grammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { sha256 } from '../../src/util/hash.ts';

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});
afterAll(() => grammar.close());

const units = (text: string): UnitText[] => unitTexts(parseFile(grammar, text));

function contextOf(path: string, text: string): string {
  const unit = units(text).find((one) => one.path === path);
  if (unit === undefined) throw new Error(`no unit ${path} in ${units(text).map((one) => one.path)}`);
  return unit.contextText;
}

const POOL = `
use std::collections::HashMap;
use tokio::sync::{Mutex, mpsc::{self, Sender as Tx}};
use crate::Error;

const LIMIT: usize = 10;

/// Slots.
pub struct Slot<T>(T, u8);

#[derive(Debug)]
pub struct Pool<T> { slots: Vec<Slot<T>>, names: HashMap<String, usize>, lock: Mutex<()> }

#[cfg(feature = "pool")]
impl<T> Pool<T> where T: Send {
    pub fn new() -> Self { Self { slots: Vec::new() } }
    pub async fn get(&self, name: &str) -> Result<Slot<T>, Error> {
        let lock = self.lock.lock().await;
        self.find(name).filter(|at| *at < LIMIT).map(helper)
    }
    fn find(&self, name: &str) -> Option<usize> { self.names.get(name) }
}

impl<T> Drop for Pool<T> {
    fn drop(&mut self) { Pool::<T>::close(self); Self::note("drop"); report!() }
}

impl<T> Pool<T> { fn note(text: &str) {} fn close(&mut self) {} }

pub(crate) fn helper<T>(at: usize) -> Slot<T>
where
    T: Sized,
{
    let tx: Tx<u8> = mpsc::channel().0;
    other(at)
}
fn other<T>(at: usize) -> T { loop {} }
macro_rules! report { () => {} }

#[cfg(test)]
mod tests {
    use super::*;
    use other_crate::helper as fake;
    fn helper_of_test() { helper_of_test(); fake(); super::helper(1) }
}
`;

describe('the context of a unit', () => {
  const check = (path: string, expected: string, text = POOL): void =>
    expect(contextOf(path, text)).toBe(expected);

  it('is the header of its block and what it mentions, by name', () => {
    check(
      'Pool::get',
      `#[cfg(feature = "pool")] impl<T> Pool<T> where T: Send {
  fn find(&self, name: &str) -> Option<usize>;
}
use crate::Error;
const LIMIT: usize = 10;
struct Slot<T>(T, u8);
fn helper<T>(at: usize) -> Slot<T> where T: Sized;
`,
    );
  });
  it('shows the imports that are mentioned, but for names of std that say nothing', () => {
    check(
      'helper',
      `struct Slot<T>(T, u8);
use tokio::sync::mpsc::Sender as Tx;
use tokio::sync::mpsc;
fn other<T>(at: usize) -> T;
`,
    );
    check('Pool', 'use tokio::sync::Mutex;\nstruct Slot<T>(T, u8);\n');
    check(
      'f',
      'use std::io::Result;\n',
      'use std::io::Result;\nuse std::io::Read;\nfn f(r: impl Read) -> Result<()> {}',
    );
  });
  it('is empty where nothing is mentioned', () => check('Slot', ''));
  it('is no member of another type', () => {
    // `Vec::new` does not mention `Pool::new`.
    expect(contextOf('Pool::new', POOL)).not.toContain('fn new');
  });
  it('holds members of the own type from other blocks, macros, and the own header', () => {
    check(
      '<Pool as Drop>::drop',
      `impl<T> Drop for Pool<T> {
}
struct Pool<T>;
macro_rules! report;
impl<T> Pool<T> {
  fn note(text: &str);
}
`,
    );
  });
  it('has test code in it for test code alone', () => {
    check(
      'tests::helper_of_test',
      'use other_crate::helper as fake;\nfn helper<T>(at: usize) -> Slot<T> where T: Sized;\n',
    );
    const without = POOL.slice(0, POOL.indexOf('#[cfg(test)]'));
    for (const unit of units(without)) check(unit.path, unit.contextText);
  });
  it('is nothing of the item itself, nor of an equal twin', () => {
    const twins =
      '#[cfg(a)]\nmod a { fn f() { f() } }\n#[cfg(b)]\nmod b { fn f() { f() } }\nfn g() { g(); f(); f() }';
    check('a::f', '', twins);
    check('b::f', '', twins);
    check('g', 'fn f();\n', twins);
  });
  it('holds members of a value of unknown type where few types have one', () => {
    const methods = (count: number): string =>
      Array.from({ length: count }, (_, at) => `struct T${at};\nimpl T${at} { fn run(&self) {} }\n`).join('');
    check('f', 'impl T0 {\n  fn run(&self);\n}\n', `${methods(1)}fn f(x: impl Any) { x.run() }`);
    check('f', '', `${methods(4)}fn f(x: impl Any) { x.run() }`);
  });
});

describe('units', () => {
  it('are those of the file, with hashes of what is sent', () => {
    const [first] = units('// a\nfn é() { "🦀" }\n');
    expect(first).toMatchObject({
      path: 'é',
      kind: 'fn',
      start: 5,
      end: 20,
      hash: sha256('fn é() { "🦀" }'),
      context: sha256(''),
      bytes: Buffer.byteLength('fn é() { "🦀" }'),
      test: false,
    });
    expect(Object.keys(unitsOf(parseFile(grammar, 'fn a() {}'))[0] ?? {})).not.toContain('text');
  });

  const items = [
    'fn alpha(x: u8) -> u8 { beta(x) + LIMIT }',
    'fn beta(x: u8) -> u8 { Gamma::new(x).value() }',
    'struct Gamma { value: u8 }',
    'impl Gamma { fn new(value: u8) -> Self { Self { value } } fn value(&self) -> u8 { self.value } }',
    'const LIMIT: u8 = 3;',
    'impl Drop for Gamma { fn drop(&mut self) { alpha(1); self.value(); } }',
    'use a::{b::LIMIT as MOST, beta as gamma};',
    'fn delta() { MOST; gamma() }',
  ];
  const order = fc.shuffledSubarray(items, { minLength: items.length });
  const between = fc.constantFrom('\n', '\n\n// note\n', '\n//! more\n', '\nmod x;\n');

  it('keep hash and context wherever they stand', () => {
    const shown = (text: string): string[] =>
      units(text)
        .map((unit) => `${unit.hash} ${unit.contextText}`)
        .sort();
    const expected = shown(items.join('\n'));
    fc.assert(
      fc.property(order, between, (list, separator) => {
        expect(shown(list.join(separator))).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
  it('keep them inside of a module', () => {
    const outside = units(items.join('\n')).map(({ hash, context }) => [hash, context]);
    const inside = units(`mod m {\n${items.join('\n')}\n}`).map(({ hash, context }) => [hash, context]);
    expect(inside).toEqual(outside);
  });
  it('change when a signature that they mention does, and not when its body or its visibility does', () => {
    const contexts = (text: string): string[] => units(text).map(({ context }) => context);
    const file = (beta: string): string => `fn alpha() { beta(1) }\n${beta}`;
    const [before] = contexts(file('fn beta(x: u8) { x }'));
    expect(contexts(file('pub fn beta(x: u8) { /* new */ x + 1 }'))[0]).toBe(before);
    expect(contexts(file('fn beta(x: u16) { x }'))[0]).not.toBe(before);
    expect(contexts(file('fn gamma(x: u8) { x }'))[0]).not.toBe(before);
  });
});

describe('large files', () => {
  it('have contexts of a bounded size', () => {
    const many = Array.from({ length: 150 }, (_, at) => `fn f${at}(${'a: u8, '.repeat(at % 90)}) {}`);
    const calls = many.map((_, at) => `f${at}();`).join(' ');
    const all = units(`${many.join('\n')}\nfn calls() { ${calls} }`);
    const context = all.at(-1)?.contextText ?? '';
    expect(context.length).toBeLessThanOrEqual(4096 + 64);
    expect(context.length).toBeGreaterThan(3000);
  });
  it('show few of many definitions of one name, so that the work stays in proportion', () => {
    const types = Array.from({ length: 200 }, (_, at) => at + 100);
    const twins = types.map(
      (at) => `mod m${at} { impl T { fn new(a: [u8; ${at}]) {} } fn free(a: [u8; ${at}]) {} }`,
    );
    const lines = contextOf(
      'calls',
      `${twins.join('\n')}\nfn calls(x: X) { T::new(); free(); x.new() }`,
    ).split('\n');
    expect(lines.filter((line) => line.includes('fn new')).length).toBe(12);
    expect(lines.filter((line) => line.includes('fn free')).length).toBe(12);
    expect(lines).toContain('  fn new(a: [u8; 100]);');
  });
});
