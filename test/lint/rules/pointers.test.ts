import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('pointer-arithmetic', () => {
  it('fires where nothing looks at the distance', () => {
    check(
      'pointer-arithmetic',
      `fn f(&self, at: usize) {
    unsafe { *self.ptr.add(at) } //~ low
}
fn g(bytes: &mut [u8], n: usize, m: isize) {
    unsafe {
        let p = bytes.as_mut_ptr().offset(m); //~
        let end = bytes.as_ptr().add(n * 2); //~
    }
}`,
    );
  });

  it('is silent where the distance is bounded, constant, argued for, or a caller’s', () => {
    check(
      'pointer-arithmetic',
      `fn f(&self, at: usize) {
    assert!(at < self.len);
    unsafe { *self.ptr.add(at) }
}
fn g(&self) {
    for i in 0..self.len { unsafe { *self.ptr.add(i) }; }
    unsafe { *self.ptr.add(1) }
}
fn h(&self, at: usize) {
    // SAFETY: the caller of this private function checks it.
    unsafe { *self.ptr.add(at) }
}
unsafe fn i(ptr: *const u8, at: usize) -> u8 { *ptr.add(at) }
fn j(set: &mut Set, at: usize) { set.add(at); }`,
    );
  });
});

describe('raw-parts-unchecked', () => {
  it('fires where neither part is looked at', () => {
    check(
      'raw-parts-unchecked',
      `fn f(data: *const u8, len: usize) -> &'static [u8] {
    unsafe { std::slice::from_raw_parts(data, len) } //~ medium
}
fn g(data: *mut u8, len: usize) {
    let s = unsafe { slice::from_raw_parts_mut(data, len) }; //~
}`,
    );
  });

  it('is silent where one is, where they belong together, and in unsafe functions', () => {
    check(
      'raw-parts-unchecked',
      `fn f(data: *const u8, len: usize) -> &'static [u8] {
    if data.is_null() { return &[]; }
    unsafe { std::slice::from_raw_parts(data, len) }
}
fn g(words: &[u32]) -> &[u8] {
    unsafe { std::slice::from_raw_parts(words.as_ptr() as *const u8, words.len() * 4) }
}
fn h(value: &Header) -> &[u8] {
    unsafe { std::slice::from_raw_parts(value as *const _ as *const u8, size_of::<Header>()) }
}
unsafe fn i(data: *const u8, len: usize) -> &'static [u8] { std::slice::from_raw_parts(data, len) }
fn j(data: *mut u8, len: usize) -> Vec<u8> { unsafe { Vec::from_raw_parts(data, len, len) } }`,
    );
  });
});

describe('unchecked-access', () => {
  it('fires without a reason', () => {
    check(
      'unchecked-access',
      `fn f(v: &[u8], i: usize) -> u8 {
    unsafe { *v.get_unchecked(i) } //~ low
}
fn g(o: Option<u8>) -> u8 { unsafe { o.unwrap_unchecked() } } //~
fn h(b: &[u8]) -> &str { unsafe { std::str::from_utf8_unchecked(b) } } //~`,
    );
  });

  it('is silent with one, or where the index is looked at', () => {
    check(
      'unchecked-access',
      `fn f(v: &[u8], i: usize) -> u8 {
    if i >= v.len() { return 0; }
    unsafe { *v.get_unchecked(i) }
}
fn g(b: &[u8]) -> &str {
    // SAFETY: written by \`push_str\` alone.
    unsafe { std::str::from_utf8_unchecked(b) }
}
unsafe fn h(v: &[u8], i: usize) -> u8 { *v.get_unchecked(i) }`,
    );
  });
});
