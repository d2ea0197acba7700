import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('undocumented-unsafe: blocks', () => {
  it('fires without a comment', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8) -> u8 {
    let a = unsafe { *p }; //~ medium
    // reads a byte
    let b = unsafe { *p.add(1) }; //~
    a + b + unsafe { //~
        *p.add(2)
    }
}`,
    );
  });

  it('is content with a comment above, beside or inside', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8) -> u8 {
    // SAFETY: p is valid, says the caller.
    let a = unsafe { *p };
    let b = unsafe { *p }; // SAFETY: as above
    let c = unsafe {
        // SAFETY: p points to one byte at least
        *p
    };
    /* SAFETY: p is valid
       for reads of one byte. */
    let d = unsafe { *p };
    // Safety: the lint below
    // is about something else.
    #[allow(clippy::let_and_return)]
    let e = unsafe { *p };
    a + b + c + d + e
}`,
    );
  });

  it('finds the comment above the statement', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8, x: Option<u8>) -> Vec<u8> {
    // SAFETY: p is valid for reads.
    let v = x
        .into_iter()
        .map(|_| unsafe { *p })
        .collect();
    // SAFETY: p is valid for reads.
    g(
        1,
        unsafe { *p },
    );
    match x {
        // SAFETY: p is valid for reads.
        Some(_) => unsafe { *p },
        None if x > y => g(),
        None => unsafe { *p }, //~
    };
    v
}`,
    );
  });

  it('takes one comment for blocks that follow each other', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8) {
    // SAFETY: both read within the allocation.
    let a = unsafe { *p };
    let b = unsafe { *p.add(1) };
    let c = 1;
    let d = unsafe { *p.add(2) }; //~
}`,
    );
  });

  it('is not deceived', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8) {
    // SAFETY:
    let a = unsafe { *p }; //~
    // SAFETY: TODO
    let b = unsafe { *p }; //~
    let s = "// SAFETY: this is a string";
    let c = unsafe { *p }; //~

    // SAFETY: this one speaks of the line below it

    let d = unsafe { *p }; //~
    let e = unsafe { g("SAFETY: in a string") }; //~
}`,
    );
  });

  it('leaves the blocks of an unsafe function to its contract', () => {
    check(
      'undocumented-unsafe',
      `/// Reads.
///
/// # Safety
///
/// \`p\` must be valid for reads.
pub unsafe fn f(p: *const u8) -> u8 {
    unsafe { *p }
}
fn safe(p: *const u8) {
    unsafe fn inner(p: *const u8) -> u8 { unsafe { *p } } //~ low
    unsafe { inner(p) }; //~
}`,
    );
  });

  it('speaks in macros and in tests, there at low', () => {
    check(
      'undocumented-unsafe',
      `fn f(p: *const u8) {
    assert_eq!(1, unsafe { *p }); //~ medium
    // SAFETY: p is valid
    assert_eq!(1, unsafe { *p });
}
#[cfg(test)]
mod tests {
    fn f(p: *const u8) {
        unsafe { *p }; //~ low
    }
}`,
    );
    check('undocumented-unsafe', 'fn f(p: *const u8) { unsafe { *p }; } //~ low', { role: 'test', path: 'tests/a.rs' });
  });
});

describe('undocumented-unsafe: functions, traits, impls', () => {
  it('wants a contract', () => {
    check(
      'undocumented-unsafe',
      `pub unsafe fn a() {} //~ medium
/// Does things.
pub unsafe fn b() {} //~ medium
unsafe fn c() {} //~ low
/// # Safety
/// Call it once.
pub unsafe fn d() {}
/// This is unsafe because the caller must hold the lock.
unsafe fn e() {}
// SAFETY: only called from the signal handler
unsafe fn g() {}
pub unsafe trait T { //~ medium
    unsafe fn h(&self); //~ low
    /// # Safety
    /// Implementors and callers agree on the order.
    unsafe fn i(&self);
}
/// # Safety
/// Implementors must return a valid pointer.
pub unsafe trait U {}`,
    );
  });

  it('leaves methods of trait impls and foreign functions alone', () => {
    check(
      'undocumented-unsafe',
      `// SAFETY: forwards to the system allocator.
unsafe impl GlobalAlloc for A {
    unsafe fn alloc(&self, l: Layout) -> *mut u8 {
        System.alloc(l)
    }
}
unsafe extern "C" {
    pub unsafe fn abort() -> !;
    fn exit(code: i32) -> !;
}
extern "C" { fn free(p: *mut c_void); }`,
    );
  });

  it('wants an argument for an impl', () => {
    check(
      'undocumented-unsafe',
      `unsafe impl Send for A {} //~ medium
// SAFETY: A owns its pointer.
unsafe impl Send for B {}
unsafe impl Sync for B {}

unsafe impl<T> Trusted for C<T> { //~ medium
    fn f() {}
}
unsafe impl Trusted for D {
    // SAFETY: D has no interior mutability.
}`,
    );
  });
});

describe('manual-send-sync', () => {
  it('is grave where a parameter has no bound', () => {
    check(
      'manual-send-sync',
      `unsafe impl<T> Send for A<T> {} //~ high
unsafe impl<T: ?Sized> Sync for B<T> {} //~ high
unsafe impl<K: Send, V> Send for M<K, V> {} //~ high
unsafe impl<'a, T: 'a> Send for R<'a, T> {} //~ high
// SAFETY: the value is never handed out.
unsafe impl<T> Sync for SyncWrapper<T> {} //~ medium`,
    );
    expect(ofRule('manual-send-sync', 'unsafe impl<K: Send, V> Send for M<K, V> {}')[0]?.title).toBe(
      'unsafe impl Send without a bound on V',
    );
  });

  it('is low where bounds or no parameters are there', () => {
    check(
      'manual-send-sync',
      `unsafe impl Send for A {} //~ low
unsafe impl<T: Send> Send for B<T> {} //~ low
unsafe impl<T> Sync for C<T> where T: Send + Sync {} //~ low
unsafe impl<L: Link> Send for D<L, L::Target> where L::Target: Send {} //~ low
unsafe impl<const N: usize> Send for E<N> {} //~ low
unsafe impl<'a> Sync for F<'a> {} //~ low
unsafe impl<F: Fn(u8) -> u8 + Send> Send for G<F> {} //~ low
unsafe impl core::marker::Send for H {} //~ low`,
    );
  });

  it('is silent on negative impls, other traits and bounds', () => {
    check(
      'manual-send-sync',
      `impl !Send for A {}
unsafe impl GlobalAlloc for B {}
fn f<T: Send + Sync>(t: T) {}
unsafe impl<T: Send> Other for C<T> {}`,
    );
  });
});

describe('static-mut', () => {
  it('fires on each', () => {
    check(
      'static-mut',
      `static mut A: u32 = 0; //~ high
pub static mut B: [u8; 4] = [0; 4]; //~
fn f() {
    static mut C: bool = false; //~
}
#[cfg(test)]
mod tests {
    static mut D: u8 = 0; //~ low
}`,
    );
  });

  it('not on others, nor on those of a library', () => {
    check(
      'static-mut',
      `static A: AtomicU32 = AtomicU32::new(0);
const B: &str = "static mut X: u8 = 0;";
// static mut C: u8 = 0;
extern "C" { static mut errno: i32; }
fn f(a: &'static mut u8) {}`,
    );
  });
});
