import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Range } from '../../src/types/source.ts';
import type { SyntaxFile } from '../../src/types/syntax.ts';
import { syntaxOf } from './support.ts';

const SAMPLE = `#!/usr/bin/env run
//! A crate.
#![deny(missing_docs)]
use std::{fmt, sync::Arc};

/// A pool of 🦀.
#[derive(Debug, Clone)]
pub struct Pool<T> { items: Vec<T>, /* how many */ size: usize }

impl<T: Clone> Pool<T> {
    pub const MAX: usize = 10;
    /// Takes one.
    pub async fn acquire(&mut self, who: &str) -> Result<T, Error> {
        let _guard = self.lock().await;
        fn helper(n: u8) -> bool { n > 1 && n < 9 || n == 42 }
        match self.items.pop() {
            Some(item) if helper(3) => Ok(item),
            None => Err(Error::Empty { who: who.to_string() }),
            _ => { unsafe { std::hint::unreachable_unchecked() } }
        }
    }
}

cfg_rt! {
    impl<T> Drop for Pool<T> { fn drop(&mut self) { if let Some(x) = self.items.first() { drop(x) } } }
    cfg_if! { if #[cfg(unix)] { fn unix() {} } else { struct Windows; } }
}

macro_rules! pool { ($($x:expr),*) => { Pool { items: vec![$($x),*], size: 0 } }; }
thread_local! { static LOCAL: Cell<u32> = Cell::new(1); }
extern "C" { fn puts(s: *const c_char) -> c_int; }
const TABLE: [&str; 3] = ["a long line of text that goes on and on", "another one that goes on for some time", "and a third, so that it all comes to more than two hundred characters of text, no less"];
pub trait Open { type Out; fn open(&self) -> Self::Out; fn shut(&self) { todo!("shut") } }
unsafe impl<T> Send for Pool<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn takes_one() { let p = pool!(1, 2); assert_eq!(p.acquire("me").unwrap(), '🦀'); }
}
`;

/** What is wrong with what was found in a text; nothing may be, however broken the text. */
function wrong(text: string, { items, rest, sites }: SyntaxFile): string[] {
  const found: string[] = [];
  const demand = (holds: boolean, what: string): void => void (holds || found.push(what));
  const within = (inner: Range, outer: Range | undefined): boolean =>
    outer === undefined || (outer.start <= inner.start && inner.end <= outer.end);
  let covered = 0;
  for (const { start, end } of [...items.filter(({ unit }) => unit), ...rest].sort(
    (a, b) => a.start - b.start,
  )) {
    demand(start === covered && end > start, `part ${start}-${end} after ${covered}`);
    covered = end;
  }
  demand(covered === text.length, `covered up to ${covered} of ${text.length}`);
  items.forEach((item, index) => {
    demand(item.parent < index && within(item, items[item.parent]), `parent of item ${index}`);
    demand(item.start <= item.head && item.head <= item.end, `head of item ${index}`);
    demand(item.body === null || within(item.body, item), `body of item ${index}`);
  });
  sites.forEach((site, index) => {
    demand(site.parent < index && within(site, sites[site.parent]), `parent of site ${index}`);
    demand(
      within(site, items[site.item]) && within(site, { start: 0, end: text.length }),
      `item of site ${index}`,
    );
    demand(site.start <= site.detail && site.detail <= site.end, `detail of site ${index}`);
    demand(site.start >= (sites[index - 1]?.start ?? 0), `order of site ${index}`);
  });
  return found;
}

function check(text: string): void {
  expect(wrong(text, syntaxOf(text))).toEqual([]);
}

test('units and rest cover a clean file once', () => {
  const syntax = syntaxOf(SAMPLE);
  expect(wrong(SAMPLE, syntax)).toEqual([]);
  expect(syntax.diagnostics).toEqual([]);
  expect(syntax.items.filter(({ unit }) => unit).map(({ path }) => path)).toEqual([
    'Pool',
    'Pool::acquire',
    '<Pool as Drop>::drop',
    'unix',
    'Windows',
    'pool',
    'thread_local!',
    'TABLE',
    'Open::shut',
    '<Pool as Send>',
    'tests::takes_one',
  ]);
});

test('edges', () => {
  for (const text of ['', ' ', '\n', '\uFEFF', '#!x', '//', '/*', '"', '{', '}', 'fn', '\0', '🦀', 'r#"'])
    check(text);
});

test('sites of a broken macro stand in their order', () => {
  check('macro_rules! m { ("a" unsafe "b" $(unsafe "c"),* unsafe) => {} }\nfn f() { unsafe { g("d") } }');
  check(
    'macro_rules! x:expr),*) => { vec![$($x),*] }; }\nextern "C" { fn puts(); }\nunsafe impl Send for A {}',
  );
});

const cuts = fc.array(fc.tuple(fc.nat(SAMPLE.length), fc.nat(80)), { minLength: 1, maxLength: 4 });

test('they cover it still after parts of it were cut out', () => {
  fc.assert(
    fc.property(cuts, (ranges) => {
      check(ranges.reduce((text, [at, length]) => text.slice(0, at) + text.slice(at + length), SAMPLE));
    }),
    { numRuns: 150 },
  );
});

const FRAGMENTS = [
  'fn f() ',
  'impl A ',
  'mod m ',
  'trait T ',
  'struct S',
  'enum E ',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  '=>',
  '=',
  'm! ',
  'macro_rules! r ',
  '#[a]',
  '#![cfg(test)]',
  '/// d\n',
  '/** e */',
  '// c\n',
  '/* x */',
  '"s"',
  "'",
  '🦀',
  'let _ = ',
  'x.unwrap()',
  'if a ',
  'else ',
  'match b ',
  '_ => 1,',
  'const C: u8 = 1;',
  'use a::b;',
  'unsafe ',
  'extern "C" ',
  'pub ',
  '||',
  '&&',
  '|y| ',
  'for ',
  'async ',
  '.await',
  '?',
  '\r\n',
  '\t',
  '\0',
  '$',
  'r#"',
  '"#',
];

test('they cover any heap of tokens', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }), (fragments) =>
      check(fragments.join('')),
    ),
    { numRuns: 400 },
  );
});
