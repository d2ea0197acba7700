import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('pointer-arithmetic', () => {
  it('fires where nothing looks at the distance', () => {
    check(
      'pointer-arithmetic',
      `pub fn f(&self, at: usize) {
    unsafe { *self.ptr.add(at) } //~ low
}
pub fn g(bytes: &mut [u8], n: usize, m: isize) {
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
      `pub fn f(&self, at: usize) {
    assert!(at < self.len);
    unsafe { *self.ptr.add(at) }
}
pub fn checked(&mut self, at: usize) {
    idx_check!(self, at);
    unsafe { *self.ptr.add(at) }
}
pub fn k(&self, at: usize) {
    let part = &self.bytes[at..];
    unsafe { *self.ptr.add(at) }
}
fn private(&self, at: usize) { unsafe { *self.ptr.add(at) } }
pub fn l(&self) {
    let at = self.position();
    unsafe { *self.ptr.add(at) }
}
pub fn g(&self) {
    for i in 0..self.len { unsafe { *self.ptr.add(i) }; }
    unsafe { *self.ptr.add(1) }
}
pub fn h(&self, at: usize) {
    // SAFETY: the caller of this private function checks it.
    unsafe { *self.ptr.add(at) }
}
pub unsafe fn i(ptr: *const u8, at: usize) -> u8 { *ptr.add(at) }
pub fn j(set: &mut Set, at: usize) { set.add(at); }`,
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
}
fn h() {
    let mut out = std::ptr::null_mut();
    unsafe { c_list(&mut out) };
    unsafe { std::slice::from_raw_parts(out, count) } //~
}
pub unsafe extern "C" fn i(data: *const u8, len: usize) { slice::from_raw_parts(data, len) } //~`,
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
fn k(text: *const u16) -> Vec<u16> {
    let count = unsafe { lstrlenW(text) };
    unsafe { std::slice::from_raw_parts(text, count as usize) }.to_vec()
}
impl S { fn as_slice(&self) -> &[u8] { unsafe { slice::from_raw_parts(self.ptr, self.len) } } }
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
unsafe fn h(v: &[u8], i: usize) -> u8 { *v.get_unchecked(i) }
fn k(v: &[u8], i: usize) -> u8 {
    if v.len() < 8 { return 0; }
    unsafe { *v.get_unchecked(2) }
}
fn l(self: Pin<&mut Self>) { unsafe { self.get_unchecked_mut() } }
fn m(_: Infallible) -> u8 { unsafe { unreachable_unchecked() } }
fn n(b: &[u8]) -> &str { unsafe { from_utf8_unchecked(b, "digits alone") } }
fn o(&mut self, bit: usize) {
    assert!(bit < self.length);
    let (block, i) = div_rem(bit, BITS);
    unsafe { *self.data.get_unchecked_mut(block) ^= 1 << i; }
}
fn p(&self, key: &K) -> Option<&V> {
    match self.lookup_index_for(key) {
        Ok(index) => unsafe { Some(&self.data.get_unchecked(index).1) },
        Err(_) => None,
    }
}
fn q(&mut self, list: List) {
    if !list.is_empty() {
        unsafe { list.head.unwrap_unchecked() };
    }
}
fn r(&mut self) -> &K {
    debug_assert!(self.idx < self.node.len());
    unsafe { self.keys.get_unchecked(self.idx) }
}
fn s(&self, value: T) -> &T {
    let mut list = self.list.write();
    list.push(value);
    unsafe { list.get_unchecked(list.len() - 1) }
}
fn t(&mut self, key: usize) {
    // This key is valid, and its slot occupied.
    unsafe {
        let slot = self.slots.get_unchecked_mut(key);
    }
}
fn u(capacity: usize) -> Self {
    match Self::try_new(capacity, Fallibility::Infallible) {
        Ok(table) => table,
        Err(_) => unsafe { hint::unreachable_unchecked() },
    }
}
macro_rules! scan {
    ($input:ident) => {
        while idx < limit {
            unsafe { $input.get_unchecked(idx..) };
        }
    };
}`,
    );
  });
});
