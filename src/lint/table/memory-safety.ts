import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const memorySafety: readonly RuleInfo[] = [
  rule('undocumented-unsafe', 'medium', 'memory-safety', 'unsafe block without a SAFETY comment', {
    precision: { right: 21, judged: 25 },
    what: 'An `unsafe` block or `unsafe impl` without a comment that says why it is sound, or an `unsafe fn` or `unsafe trait` without a `# Safety` section. A comment counts above the code, its statement or its attributes, at the end of its line, or inside; one that says nothing beyond the word does not. Blocks of an unsafe function are its own contract; methods of trait impls take theirs from the trait, foreign functions from their library, functions of a `target_feature` without pointers from that attribute. Of an `unsafe impl` of Send or Sync a comment that speaks of threads is enough. Functions that are not `pub` are `low`, and so is all that follows a file’s first five: by then it is a habit, and known. Generated code is left out.',
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
    precision: { right: 20, judged: 25 },
    what: '`mem::transmute` or `transmute_copy`. With both types written and a SAFETY comment it is `low`. Tests and generated code are left out.',
    why: 'Sizes are all that is checked: validity, layout and lifetimes are not, and inferred types change with code elsewhere.',
    mend: 'Use a cast, `from_bits`, `to_ne_bytes`, `pointer::cast` or a checked conversion; else write both types, `transmute::<A, B>`.',
    inTests: 'silent',
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
    precision: { right: 23, judged: 25 },
    what: 'A `static mut` item; `low` in a file where a `Once` writes one or SAFETY comments speak. Left out are those with a comment on who touches them and when, those of an `extern` block, which belong to the library, tests and generated code.',
    why: 'Two threads that touch it, or two references to it at once, are undefined behaviour; Rust 2024 refuses references to it.',
    mend: 'Use an atomic, `Mutex`, `OnceLock` or `thread_local!`.',
    inTests: 'silent',
    inGenerated: false,
    cwe: 362,
    fires: 'static mut COUNTER: u32 = 0;',
    silent: 'static COUNTER: AtomicU32 = AtomicU32::new(0);',
  }),
  rule('uninit-memory', 'high', 'memory-safety', 'uninitialized memory', {
    precision: { right: 21, judged: 25 },
    what: '`mem::uninitialized`; `MaybeUninit::uninit().assume_init()` (not for arrays of `MaybeUninit`, which need no value; where the file has such arrays and the type is not written it is `low`, silent with a SAFETY comment); `set_len` right after `with_capacity` or `reserve` with nothing written between. `mem::zeroed` of a type that is never zero (a reference, a `Box`, a function pointer, a structure of this file that holds one), and, `low` and silent with a SAFETY comment, of a type parameter; C structures and numbers may well be zero.',
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
  rule('manual-send-sync', 'medium', 'memory-safety', 'unsafe impl Send or Sync without a bound', {
    precision: { right: 7, judged: 8 },
    what: '`unsafe impl Send` or `Sync` for a type of the same file of which a field is a type parameter, or holds, borrows or points to one, and the impl does not bound it. Left out are places with a comment that argues for them, types with unsafe methods, types that remember their thread, and tests. That an impl has no SAFETY comment is told by `undocumented-unsafe`.',
    why: 'A missing bound on a parameter is among the most frequent soundness bugs of published crates.',
    mend: 'Bound each parameter (`T: Send`), own the pointer in a type that is Send already, or argue field by field in a SAFETY comment.',
    inTests: 'silent',
    cwe: 362,
    fires: `struct Shared<T>(*mut T);
unsafe impl<T> Send for Shared<T> {}`,
    silent: `struct Shared<T>(*mut T);
// SAFETY: the pointer owns its value, which is Send.
unsafe impl<T: Send> Send for Shared<T> {}`,
  }),
  rule('mem-forget', 'low', 'memory-safety', 'mem::forget', {
    precision: { right: 8, judged: 8 },
    what: '`mem::forget` of a clone, of a value of which the function reads nothing else, or of one made by `from_raw` with a `?` or `return` between, on which it is dropped after all. Places with a comment, guards, and functions whose name says who owns the value (`into_…`, `leak`, `release`) are left out.',
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
    precision: { right: 5, judged: 5 },
    cwe: 823,
    what: '`.add(…)`, `.sub(…)`, `.offset(…)` on a pointer by a number that the caller of a safe `pub fn` gives, and that the function neither compares nor slices by. Places with a comment, there or at the `unsafe` block, are left out.',
    why: 'A pointer that leaves what it points into is undefined behaviour even before it is read.',
    mend: 'Assert the bound, index a slice, or say in a SAFETY comment what keeps it.',
    inTests: 'silent',
    inGenerated: false,
    fires: `pub fn nth(bytes: &[u8], index: usize) -> u8 {
    unsafe { *bytes.as_ptr().add(index) }
}`,
    silent: `fn nth(bytes: &[u8], index: usize) -> u8 {
    assert!(index < bytes.len());
    unsafe { *bytes.as_ptr().add(index) }
}`,
  }),
  rule('raw-parts-unchecked', 'medium', 'memory-safety', 'slice from raw parts, neither looked at', {
    precision: { right: 12, judged: 12 },
    cwe: 125,
    what: '`slice::from_raw_parts` or `from_raw_parts_mut` of a pointer that a caller gives to a safe or `extern` function, or that C writes into a null of ours, where the function compares neither pointer nor length and no comment argues for it. Left out: a length that is a constant, a `size_of` or that of the same slice, and functions with a `# Safety` section.',
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
    precision: { right: 20, judged: 25 },
    cwe: 125,
    what: '`get_unchecked`, `unwrap_unchecked`, `unreachable_unchecked`, `from_utf8_unchecked` where no comment argues for it and the function compares neither what the call is given nor what it is called on. Unsafe functions and those that take an `Infallible` are left out.',
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
    precision: { right: 22, judged: 25 },
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
