import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

const TYPES = `struct A<T>(T);
struct B<T: ?Sized>(Box<T>);
pub struct M<K, V> { keys: Keys<K>, value: UnsafeCell<V> }
pub(crate) struct R<'a, T>(&'a mut T);
struct P<T> { ptr: *mut T }
`;

describe('manual-send-sync', () => {
  it('fires where a field is of a parameter without a bound', () => {
    check(
      'manual-send-sync',
      `${TYPES}unsafe impl<T> Send for A<T> {} //~ medium
unsafe impl<T: ?Sized> Sync for B<T> {} //~
unsafe impl<K: Send, V> Send for M<K, V> {} //~
unsafe impl<'a, T: 'a> Send for R<'a, T> {} //~
unsafe impl<X> Send for P<X> {} //~
unsafe impl<T> core::marker::Sync for crate::P<T> {} //~`,
    );
    expect(ofRule('manual-send-sync', `${TYPES}unsafe impl<K: Send, V> Send for M<K, V> {}`)[0]?.title).toBe(
      'unsafe impl Send without a bound on V',
    );
  });

  it('is silent where the parameter is bounded or argued for', () => {
    check(
      'manual-send-sync',
      `${TYPES}unsafe impl<T: Send> Send for A<T> {}
unsafe impl<T> Sync for A<T> where T: Send + Sync {}
unsafe impl<T> Send for R<'_, T> where for<'a> (&'a mut T): Send {}
// SAFETY: the value is never handed out.
unsafe impl<T> Sync for P<T> {}
// It stays on the thread that made it.
unsafe impl<T> Send for P<T> {}
unsafe impl Send for Plain {}
unsafe impl<K, V: Send> Send for M<K, V> {}
unsafe impl<const N: usize> Send for E<N> {}
impl !Send for B<u8> {}
unsafe impl<T> Other for A<T> {}`,
    );
  });

  it('is silent where no value crosses threads by it', () => {
    check(
      'manual-send-sync',
      `struct Name<T>(PhantomData<T>);
unsafe impl<T> Send for Name<T> {}
struct Nested<T>(Inner<'static, T>);
unsafe impl<T> Send for Nested<T> {}
struct Guard<T> { value: T, thread: ThreadId }
unsafe impl<T> Send for Guard<T> {}
struct Contract<T>(*const T);
impl<T> Contract<T> { unsafe fn new(ptr: *const T) -> Self { Self(ptr) } }
unsafe impl<T> Sync for Contract<T> {}
unsafe impl<T> Send for Elsewhere<T> {}
#[cfg(test)]
mod tests { struct P<T>(T); unsafe impl<T> Sync for P<T> {} }`,
    );
  });
});
