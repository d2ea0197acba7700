import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('length-truncation', () => {
  it('fires by the width of the type', () => {
    check(
      'length-truncation',
      `fn f(name: &[u8], list: Vec<u8>) {
    w.write(name.len() as u8); //~ low
    w.write(self.name.len() as u16); //~ low
    w.write((list.len() as u32).to_be_bytes()); //~ info
    c(list.len() as c_int); //~ info
}`,
    );
  });

  it('is silent where it is bounded, wide enough, or explained', () => {
    check(
      'length-truncation',
      `fn f(name: &[u8]) {
    w.write(name.len() as u64);
    w.write(name.len() as f32);
}
fn g(name: &[u8]) {
    if name.len() > 255 { return; }
    w.write(name.len() as u8);
}
fn h(name: &[u8]) {
    assert!(total <= u16::MAX as usize);
    w.write(name.len() as u16);
}
fn i(name: &[u8]) {
    // Names have at most 12 bytes.
    w.write(name.len() as u8);
}
fn k(points: &[Point]) {
    let header = [0; 12];
    let (first, rest) = points.split_at(1);
    w.write(points.len() as u32);
    w.write(header.len() as u8);
    w.write(rest.len() as u8);
    self.total = self.total.wrapping_add(name.len() as u16);
}
unsafe fn l(name: &[u8]) { w.write(name.len() as u8); }
#[test]
fn j() { w.write(name.len() as u8); }`,
    );
  });
});

describe('length-underflow', () => {
  it('fires where nothing shows that there is as much', () => {
    check(
      'length-underflow',
      `pub fn f(list: &[u8]) -> usize {
    list.len() - 1 //~ low
}
pub fn g(buffer: &str, used: usize) -> usize { buffer.len() - used } //~`,
    );
  });

  it('is silent where something does', () => {
    check(
      'length-underflow',
      `pub fn f(list: &[u8]) -> usize {
    if list.is_empty() { return 0; }
    list.len() - 1
}
pub fn g(list: &mut Vec<u8>) -> usize {
    list.push(1);
    list.len() - 1
}
pub fn h(text: &str) -> usize {
    let rest = text.trim_start().len();
    text.len() - rest
}
pub fn i(text: &str, at: usize) -> usize {
    if at > text.len() { return 0; }
    text.len() - at
}
pub fn j(list: &[u8]) -> usize { list.len().saturating_sub(1) }
pub fn k(&self) -> usize { self.stack.len() - 1 }
pub fn n(text: &str) -> usize {
    let text = format!("({text})");
    text.len() - 1
}
fn private(list: &[u8]) -> usize { list.len() - 1 }
/// The list must not be empty.
pub fn l(list: &[u8]) -> usize { list.len() - 1 }
pub fn m(list: [u8; 4]) -> usize { list.len() - 1 }`,
    );
  });
});
