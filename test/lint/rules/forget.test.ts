import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('mem-forget', () => {
  it('fires where nothing is taken out of the value', () => {
    check(
      'mem-forget',
      `use std::mem;
fn f(a: A) {
    mem::forget(a); //~ low
}
fn g(a: A) { std::mem::forget(a) } //~
fn h(a: A) { core::mem::forget(a.b()) } //~
fn i(a: Arc<A>) -> *const A {
    let p = a.as_ptr();
    mem::forget(a.clone()); //~
    p
}`,
    );
    check('mem-forget', 'use std::mem::{forget, swap};\nfn f(a: A) { forget(a); } //~');
  });

  it('fires where an early return drops what is only borrowed', () => {
    check(
      'mem-forget',
      `fn f(raw: RawFd) -> io::Result<()> {
    let file = unsafe { File::from_raw_fd(raw) };
    file.set_len(size()?)?;
    std::mem::forget(file); //~ medium
    Ok(())
}`,
    );
  });

  it('is silent where the value has a new owner, or is there to be forgotten', () => {
    check(
      'mem-forget',
      `use std::mem;
fn f(a: A) {
    // The pointer now belongs to the C side.
    mem::forget(a);
    mem::forget(b); // freed by the callback
    cache.forget(key);
    forget(key);
}
fn into_raw(self) -> *mut u8 { let p = self.0; mem::forget(self); p }
fn g(v: Vec<u8>) -> Buffer {
    let (data, len) = (v.as_ptr(), v.len());
    mem::forget(v);
    Buffer { data, len }
}
fn h(x: &X) {
    let guard = AbortOnDrop;
    x.call();
    mem::forget(guard);
}
fn raw_clone(ptr: *const ()) -> RawWaker {
    mem::forget(arc.clone());
    RawWaker::new(ptr, &VTABLE)
}
fn read(raw: RawFd) -> usize {
    let file = unsafe { File::from_raw_fd(raw) };
    let length = file.length();
    mem::forget(file);
    length
}
#[cfg(test)]
mod tests { fn f(a: A) { std::mem::forget(a); } }`,
    );
  });
});
