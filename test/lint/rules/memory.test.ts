import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('transmute', () => {
  it('fires, milder where types and an argument are given', () => {
    check(
      'transmute',
      `fn f(x: u32) -> f32 {
    let a = unsafe { mem::transmute(x) }; //~ medium
    let b = unsafe { std::mem::transmute::<u32, f32>(x) }; //~ medium
    let c: f32 = unsafe { transmute::<_, f32>(x) }; //~ medium
    // SAFETY: every bit pattern is an f32.
    let d = unsafe { mem::transmute::<u32, f32>(x) }; //~ low
    // SAFETY: every bit pattern is an f32.
    let e: f32 = unsafe { mem::transmute(x) }; //~ medium

    let g = unsafe { core::mem::transmute_copy::<u32, f32>(&x) }; //~ medium
    assert_eq!(a, unsafe { mem::transmute(x) }); //~ medium
    a
}
#[cfg(test)]
mod tests { fn f(x: u32) { unsafe { mem::transmute::<u32, f32>(x) }; } }`,
    );
  });

  it('not on methods and words of that name', () => {
    check(
      'transmute',
      'fn f(z: Z) { z.transmute(1); z.transmuted(); let s = "mem::transmute(x)"; } // transmute(x)',
    );
  });
});

describe('uninit-memory', () => {
  it('fires', () => {
    check(
      'uninit-memory',
      `use std::mem::{self, MaybeUninit};
fn f(n: usize) {
    let a: u8 = unsafe { mem::uninitialized() }; //~ high
    let b: u8 = unsafe { MaybeUninit::uninit().assume_init() }; //~ high
    let c = unsafe { MaybeUninit::<[u8; 4]>::uninit().assume_init() }; //~ high
    let e = unsafe { mem::zeroed::<&str>() }; //~ high
    let g = unsafe { std::mem::zeroed::<Box<u8>>() }; //~ high
    let mut v = Vec::with_capacity(n);
    unsafe { v.set_len(n) }; //~ high
    let mut w: Vec<u8> = Vec::with_capacity(n);
    unsafe {
        w.set_len(n); //~ high
    }
    v.reserve(10);
    unsafe { v.set_len(n + 10) }; //~ high
}
struct Held { name: Box<str> }
fn h<T>() -> T {
    let a: T = unsafe { mem::zeroed() }; //~ low
    let b: Held = unsafe { mem::zeroed() }; //~ high
    a
}`,
    );
  });

  it('not where memory is written, needs no value, or is argued for', () => {
    check(
      'uninit-memory',
      `use std::mem::{self, MaybeUninit};
fn f(n: usize, r: &mut impl Read) {
    let a: [MaybeUninit<u8>; 4] = unsafe { MaybeUninit::uninit().assume_init() };
    let b = unsafe { MaybeUninit::<[MaybeUninit<u8>; 4]>::uninit().assume_init() };
    let mut c = MaybeUninit::<u8>::uninit();
    c.write(1);
    let c = unsafe { c.assume_init() };
    let d: libc::stat = unsafe { mem::zeroed() };
    let e = unsafe { mem::zeroed() };
    let f: Plain = unsafe { mem::zeroed() };
    let mut v = Vec::with_capacity(n);
    r.read_exact(v.spare_capacity_mut());
    unsafe { v.set_len(n) };
    let mut w = Vec::with_capacity(n);
    unsafe { ptr::copy(p, w.as_mut_ptr(), n); w.set_len(n) };
    let mut x = vec![0; n];
    unsafe { x.set_len(n / 2) };
    unsafe { v.set_len(0) };
    file.set_len(10);
    let y = Memory::zeroed();
    uninitialized();
}
struct Plain { next: Option<Box<u8>>, at: *mut Plain }
unsafe fn g<T: Zeroable>() -> T {
    // SAFETY: zero is a valid value, says the bound.
    mem::zeroed::<T>()
}
fn made<const N: usize>() -> Storage {
    // SAFETY: an array of MaybeUninit needs no value.
    unsafe { MaybeUninit::uninit().assume_init() }
}`,
    );
  });
});
