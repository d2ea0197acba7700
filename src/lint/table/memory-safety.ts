import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const memorySafety: readonly RuleInfo[] = [
  rule('undocumented-unsafe', 'medium', 'memory-safety', 'unsafe block without a SAFETY comment', {
    what: 'An `unsafe` block or `unsafe impl` without a comment that says why it is sound, or an `unsafe fn` or `unsafe trait` without a `# Safety` section. A comment counts above the code, its statement or its attributes, at the end of its line, or inside; one that says nothing beyond the word does not. Blocks of an unsafe function are its own contract; methods of trait impls take theirs from the trait, foreign functions from their library. Functions that are not `pub` are `low`, and so is all that follows a file’s first five: by then it is a habit, and known. Generated code is left out.',
    why: 'Inside `unsafe` the compiler no longer checks; what the author relied on is lost, and the next edit breaks it unseen.',
    mend: 'Write `// SAFETY:` and name, for each requirement of what is called, what upholds it.',
    inGenerated: false,
    fires: `fn first(bytes: &[u8]) -> u8 {
    unsafe { *bytes.as_ptr() }
}`,
    silent: `fn first(bytes: &[u8]) -> u8 {
    assert!(!bytes.is_empty());
    // SAFETY: the slice is not empty, so its pointer may be read.
    unsafe { *bytes.as_ptr() }
}`,
  }),
  rule('transmute', 'medium', 'memory-safety', 'transmute', {
    what: '`mem::transmute` or `transmute_copy`. With both types written and a SAFETY comment it is `low`. Generated code is left out.',
    why: 'Sizes are all that is checked: validity, layout and lifetimes are not, and inferred types change with code elsewhere.',
    mend: 'Use a cast, `from_bits`, `to_ne_bytes`, `pointer::cast` or a checked conversion; else write both types, `transmute::<A, B>`.',
    inGenerated: false,
    cwe: 843,
    fires: `fn bits(value: f32) -> u32 {
    // SAFETY: both types have four bytes, and any bytes are a valid u32.
    unsafe { std::mem::transmute(value) }
}`,
    silent: `fn bits(value: f32) -> u32 {
    value.to_bits()
}`,
  }),
  rule('static-mut', 'high', 'memory-safety', 'mutable static', {
    what: 'A `static mut` item. Those declared in an `extern` block are left out: they belong to the library.',
    why: 'Two threads that touch it, or two references to it at once, are undefined behaviour; Rust 2024 refuses references to it.',
    mend: 'Use an atomic, `Mutex`, `OnceLock` or `thread_local!`.',
    cwe: 362,
    fires: 'static mut COUNTER: u32 = 0;',
    silent: 'static COUNTER: AtomicU32 = AtomicU32::new(0);',
  }),
  rule('uninit-memory', 'high', 'memory-safety', 'uninitialized memory', {
    what: '`mem::uninitialized`; `MaybeUninit::uninit().assume_init()` (not for arrays of `MaybeUninit`, which need no value; `low` where the file has such arrays and the type is not written); `set_len` right after `with_capacity` or `reserve` with nothing written between. `mem::zeroed` is `low`, silent with a SAFETY comment, and `high` for a type that is never zero (a reference, a `Box`, a function pointer).',
    why: 'To hold such a value, even without reading it, is undefined behaviour for nearly every type.',
    mend: 'Write the value first: `MaybeUninit::write`, `spare_capacity_mut`, `resize`, `Default`.',
    cwe: 908,
    fires: `fn buffer(length: usize) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(length);
    // SAFETY: the capacity is \`length\`.
    unsafe { buffer.set_len(length) };
    buffer
}`,
    silent: `fn buffer(length: usize) -> Vec<u8> {
    vec![0; length]
}`,
  }),
  rule('manual-send-sync', 'low', 'memory-safety', 'unsafe impl Send or Sync', {
    what: '`unsafe impl Send` or `Sync`. It is `high` where a type parameter of the type has no bound at all (`medium` where a comment argues for it). That the impl has no SAFETY comment is told by `undocumented-unsafe`.',
    why: 'Nothing checks it from then on, also not when fields change; a missing bound on a parameter is among the most frequent soundness bugs of published crates.',
    mend: 'Bound each parameter (`T: Send`), own the pointer in a type that is Send already, or argue field by field in a SAFETY comment.',
    cwe: 362,
    fires: `struct Shared<T>(*mut T);
// SAFETY: the pointer owns its value.
unsafe impl<T> Send for Shared<T> {}`,
    silent: 'struct Shared<T>(Box<T>);',
  }),
  rule('mem-forget', 'low', 'memory-safety', 'mem::forget', {
    what: '`mem::forget` without a comment beside or above it. `forget(self)` in an `into_…` function is left out: its name says who owns the value.',
    why: 'The destructor never runs: memory, files, locks and reference counts leak, also on paths added later.',
    mend: 'Use `ManuallyDrop` or `into_raw`, or say in a comment who owns the value now.',
    inTests: 'silent',
    inGenerated: false,
    cwe: 401,
    fires: `fn keep(file: File) {
    std::mem::forget(file);
}`,
    silent: `fn keep(file: File) -> RawFd {
    file.into_raw_fd()
}`,
  }),
];
