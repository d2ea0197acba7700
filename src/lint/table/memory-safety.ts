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
    cwe: 404,
    fires: `fn keep(file: File) {
    std::mem::forget(file);
}`,
    silent: `fn keep(file: File) -> RawFd {
    file.into_raw_fd()
}`,
  }),
  rule('pointer-arithmetic', 'low', 'memory-safety', 'pointer moved by an unchecked value', {
    cwe: 823,
    what: '`.add(…)`, `.sub(…)`, `.offset(…)` on a pointer by a variable that the function compares with nothing, bounds by nothing and draws from no range. Left out: unsafe functions, whose bound is their caller’s to keep, and places with a comment, there or at the `unsafe` block.',
    why: 'A pointer that leaves what it points into is undefined behaviour even before it is read.',
    mend: 'Assert the bound, index a slice, or say in a SAFETY comment what keeps it.',
    inTests: 'silent',
    inGenerated: false,
    fires: `fn nth(bytes: &[u8], index: usize) -> u8 {
    unsafe { *bytes.as_ptr().add(index) }
}`,
    silent: `fn nth(bytes: &[u8], index: usize) -> u8 {
    assert!(index < bytes.len());
    unsafe { *bytes.as_ptr().add(index) }
}`,
  }),
  rule('raw-parts-unchecked', 'medium', 'memory-safety', 'slice from raw parts, neither looked at', {
    cwe: 125,
    what: '`slice::from_raw_parts` or `from_raw_parts_mut` where the function compares neither pointer nor length and no comment argues for it. Left out: a length that is a constant, a `size_of` or that of the same slice, and unsafe functions, whose parts are their caller’s to keep.',
    why: 'A slice of a null or dangling pointer, or one longer than its memory, is undefined behaviour from its making on; C gives null for empty.',
    mend: 'Check for null and bound the length, or say in a SAFETY comment who did.',
    inTests: 'silent',
    inGenerated: false,
    fires: `pub extern "C" fn sum(data: *const u32, count: usize) -> u32 {
    let values = unsafe { std::slice::from_raw_parts(data, count) };
    values.iter().sum()
}`,
    silent: `pub extern "C" fn sum(data: *const u32, count: usize) -> u32 {
    if data.is_null() {
        return 0;
    }
    // SAFETY: not null, and the caller owns \`count\` values there.
    let values = unsafe { std::slice::from_raw_parts(data, count) };
    values.iter().sum()
}`,
  }),
  rule('unchecked-access', 'low', 'memory-safety', 'unchecked access without a reason', {
    cwe: 125,
    what: '`get_unchecked`, `unwrap_unchecked`, `unreachable_unchecked`, `from_utf8_unchecked` where no comment argues for it and the function looks at nothing that the call is given. Unsafe functions are left out.',
    why: 'The check is left out for speed; what made it unnecessary is known to the author alone.',
    mend: 'Use the checked form, assert the condition, or argue for it in a SAFETY comment.',
    inTests: 'silent',
    inGenerated: false,
    fires: `fn cell(table: &[u8], index: usize) -> u8 {
    unsafe { *table.get_unchecked(index) }
}`,
    silent: `fn cell(table: &[u8], index: usize) -> u8 {
    debug_assert!(index < table.len());
    // SAFETY: every index is made by \`slot\`, which is less than the length.
    unsafe { *table.get_unchecked(index) }
}`,
  }),
  rule('allowed-safety-lint', 'low', 'memory-safety', 'lint of memory safety switched off', {
    what: 'An `allow` of a lint of the compiler or clippy that stands for undefined behaviour or a missing contract (`static_mut_refs`, `invalid_value`, `clippy::not_unsafe_ptr_arg_deref`, `clippy::missing_safety_doc` …) without a `reason` or a comment.',
    why: 'The attribute silences what is there today and whatever comes later.',
    mend: 'Mend what the lint points at; else give the attribute a reason and the smallest scope.',
    inTests: 'silent',
    inGenerated: false,
    fires: `#[allow(static_mut_refs)]
fn table() -> &'static [u8] {
    unsafe { &TABLE }
}`,
    silent: `#[allow(static_mut_refs, reason = "written once before the first thread starts")]
fn table() -> &'static [u8] {
    unsafe { &TABLE }
}`,
  }),
  rule('unsafe-in-build-script', 'low', 'memory-safety', 'unsafe block in a build script', {
    what: 'An `unsafe` block in `build.rs`. `set_var` and `remove_var` are left out: edition 2024 calls them unsafe, and a build script has one thread.',
    why: 'A build script runs with all rights of whoever builds, also of those who only depend on the crate.',
    mend: 'Use a safe wrapper: `std::process`, `std::env`, the `cc` and `pkg-config` crates.',
    exampleRole: 'build',
    fires: `fn main() {
    let host = unsafe { CStr::from_ptr(gethostname()) };
    println!("cargo:rustc-env=HOST={}", host.to_string_lossy());
}`,
    silent: `fn main() {
    println!("cargo:rerun-if-changed=build.rs");
}`,
  }),
];
