import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('unchecked-index', () => {
  it('fires in public functions', () => {
    check(
      'unchecked-index',
      `pub fn at(&self, index: usize) -> &Row {
    &self.rows[index] //~ low
}
pub fn set(&mut self, x: usize, row: usize) { self.cells[row] = x; } //~`,
    );
  });

  it('is silent where it is checked, documented, private, or not the caller’s', () => {
    check(
      'unchecked-index',
      `pub fn a(&self, index: usize) -> Option<&Row> {
    if index >= self.rows.len() { return None; }
    Some(&self.rows[index])
}
/// # Panics
/// If there is no such row.
pub fn b(&self, index: usize) -> &Row { &self.rows[index] }
fn c(&self, index: usize) -> &Row { &self.rows[index] }
impl Index<usize> for T { fn index(&self, index: usize) -> &Row { &self.rows[index] } }
pub fn d(&self, index: usize) -> &Row {
    let index = index % self.rows.len();
    &self.rows[index]
}
pub fn e(&self, count: usize) -> [u8; 4] { [0; 4] }`,
    );
  });
});

describe('unbounded-recursion', () => {
  it('fires where a reader calls itself', () => {
    check(
      'unbounded-recursion',
      `fn parse_list(tokens: &mut Tokens) -> Value { //~ info
    while tokens.open() { parse_list(tokens); }
    value
}
impl Reader {
    fn read_value(&mut self) -> Value { //~
        self.read_value()
    }
}`,
    );
  });

  it('is silent where it counts, and on others', () => {
    check(
      'unbounded-recursion',
      `fn parse_list(tokens: &mut Tokens, depth: usize) -> Value { parse_list(tokens, depth - 1) }
fn parse_item(&mut self) -> Value { self.remaining_levels -= 1; self.parse_item() }
fn fold(tree: &Tree) -> u32 { fold(tree.left) }
impl Reader { fn read(&mut self) { self.inner.read(); other::read() } }
impl Parse for Value { fn parse(&self) -> Value { self.parse() } }
fn parse_format(c: char) -> Value { parse_format('m') }
fn unpack(expression: &syn::Expr) -> &syn::Expr { unpack(expression.inner()) }
fn read_key() -> Key { read_key() }
fn parse_sum(pair: Pair<Rule>) -> Value { climb(pair, |part| parse_sum(part)) }
fn parse(text: &str) -> u8 { text.parse().unwrap_or(0) }`,
    );
  });
});

describe('boolean-parameters', () => {
  it('fires from three on', () => {
    check(
      'boolean-parameters',
      `fn f(a: bool, b: u8, c: bool, d: bool) {} //~ low
fn g(a: bool, b: bool) {}
impl T for S { fn h(a: bool, b: bool, c: bool) {} }
extern "C" fn i(a: bool, b: bool, c: bool) {}
fn j(a: Option<bool>, b: &[bool], c: bool, d: bool) {}`,
    );
  });
});
