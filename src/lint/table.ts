import type { Severity } from '../types.ts';
import type { Category, RuleInfo } from './rule.ts';

/** Every rule of the local analyser, in the order of the documentation. `docs/rules.md` is kept equal to it. */
export const RULES: readonly RuleInfo[] = [
  // Memory safety
  rule('undocumented-unsafe', 'medium', 'memory-safety', 'unsafe block without a SAFETY comment', {
    what: 'An `unsafe` block or `unsafe impl` without a comment that says why it is sound, or an `unsafe fn` or `unsafe trait` without a `# Safety` section. A comment counts above the code, its statement or its attributes, at the end of its line, or inside; one that says nothing beyond the word does not. Blocks of an unsafe function are its own contract; methods of trait impls take theirs from the trait, foreign functions from their library. Functions that are not `pub` are `low`, and so is all that follows a file’s first five: by then it is a habit, and known. Generated code is left out.',
    why: 'Inside `unsafe` the compiler no longer checks; what the author relied on is lost, and the next edit breaks it unseen.',
    mend: 'Write `// SAFETY:` and name, for each requirement of what is called, what upholds it.',
    inGenerated: false,
  }),
  rule('transmute', 'medium', 'memory-safety', 'transmute', {
    what: '`mem::transmute` or `transmute_copy`. With both types written and a SAFETY comment it is `low`. Generated code is left out.',
    why: 'Sizes are all that is checked: validity, layout and lifetimes are not, and inferred types change with code elsewhere.',
    mend: 'Use a cast, `from_bits`, `to_ne_bytes`, `pointer::cast` or a checked conversion; else write both types, `transmute::<A, B>`.',
    inGenerated: false,
  }),
  rule('static-mut', 'high', 'memory-safety', 'mutable static', {
    what: 'A `static mut` item. Those declared in an `extern` block are left out: they belong to the library.',
    why: 'Two threads that touch it, or two references to it at once, are undefined behaviour; Rust 2024 refuses references to it.',
    mend: 'Use an atomic, `Mutex`, `OnceLock` or `thread_local!`.',
  }),
  rule('uninit-memory', 'high', 'memory-safety', 'uninitialized memory', {
    what: '`mem::uninitialized`; `MaybeUninit::uninit().assume_init()` (not for arrays of `MaybeUninit`, which need no value; `low` where the file has such arrays and the type is not written); `set_len` right after `with_capacity` or `reserve` with nothing written between. `mem::zeroed` is `low`, silent with a SAFETY comment, and `high` for a type that is never zero (a reference, a `Box`, a function pointer).',
    why: 'To hold such a value, even without reading it, is undefined behaviour for nearly every type.',
    mend: 'Write the value first: `MaybeUninit::write`, `spare_capacity_mut`, `resize`, `Default`.',
  }),
  rule('manual-send-sync', 'low', 'memory-safety', 'unsafe impl Send or Sync', {
    what: '`unsafe impl Send` or `Sync`. It is `high` where a type parameter of the type has no bound at all (`medium` where a comment argues for it). That the impl has no SAFETY comment is told by `undocumented-unsafe`.',
    why: 'Nothing checks it from then on, also not when fields change; a missing bound on a parameter is among the most frequent soundness bugs of published crates.',
    mend: 'Bound each parameter (`T: Send`), own the pointer in a type that is Send already, or argue field by field in a SAFETY comment.',
  }),
  rule('mem-forget', 'low', 'memory-safety', 'mem::forget', {
    what: '`mem::forget` without a comment beside or above it. `forget(self)` in an `into_…` function is left out: its name says who owns the value.',
    why: 'The destructor never runs: memory, files, locks and reference counts leak, also on paths added later.',
    mend: 'Use `ManuallyDrop` or `into_raw`, or say in a comment who owns the value now.',
    inTests: 'silent',
    inGenerated: false,
  }),

  // Concurrency
  rule('lock-across-await', 'high', 'concurrency', 'lock guard held across .await', {
    what: 'A guard from `.lock()`, `.read()`, `.write()` or `.borrow_mut()` that is not itself awaited and lives to see an `.await`: bound by `let` in the same or an inner block with no `drop(guard)` (or move into a call) before, or a temporary in the awaited expression or in the head of a `match`, `if let`, `while let` or `for`. Guards of async mutexes (`.lock().await`) are made for this and are left out.',
    why: 'A waiting task keeps the lock; the threads that want it stop, and where one of them must run for the wait to end, the program stands still.',
    mend: 'End the guard’s scope before the `.await`, or use an async mutex.',
  }),
  rule('blocking-in-async', 'medium', 'concurrency', 'blocking call in async code', {
    what: '`std::thread::sleep`, `std::fs`, `TcpStream::connect` of `std::net`, `reqwest::blocking`, `block_on`, `output`/`status` of a `std::process::Command` in an `async fn` or async block. Code in a closure is left out: it may run elsewhere (`spawn_blocking`).',
    why: 'An executor has few threads, and each runs many tasks; while one blocks, none of its tasks moves.',
    mend: 'Use the runtime’s own call, or `spawn_blocking`.',
    inTests: 'silent',
  }),

  // Error handling
  rule('unwrap-in-library', 'low', 'error-handling', 'unwrap in library code', {
    what: '`.unwrap()` in library code. Left out: poisoned locks and joined threads, input that is a literal (`"::1".parse()`), a slice of fixed length to an array, `write!` to a `String`, constants, a function with a `# Panics` section, a comment that says why it cannot fail.',
    why: 'The user of a library cannot handle a panic; its message says nothing of what was expected.',
    mend: 'Return the error, or say why it cannot happen.',
    libraryOnly: true,
  }),
  rule('expect-in-library', 'info', 'error-handling', 'expect in library code', {
    what: '`.expect("…")` in library code, with the exceptions of `unwrap-in-library`.',
    why: 'The message helps whoever reads the panic, but the user of a library still cannot handle it.',
    mend: 'Return the error, or document the panic under `# Panics`.',
    libraryOnly: true,
  }),
  rule('panic-in-library', 'low', 'error-handling', 'panic in library code', {
    what: '`panic!` in library code, unless the function documents it under `# Panics` or a comment explains it; `unreachable!` is `info`.',
    why: 'The library decides that its caller’s thread ends.',
    mend: 'Return an error, or document the panic.',
    libraryOnly: true,
  }),
  rule('todo-in-library', 'medium', 'error-handling', 'unwritten code in a library', {
    what: '`todo!` or `unimplemented!` in library code (`low` for `unimplemented!`, which is often a decision), and `TODO` or `FIXME` in comments (`info`). One that names an issue (`#123`, an address, `ABC-123`) is tracked, and left out.',
    why: 'The macro panics where the caller expects an answer; a note that no issue tracks is never found again.',
    mend: 'Write the code, return an error, or name the issue.',
    libraryOnly: true,
  }),
  rule('ignored-result', 'low', 'error-handling', 'error ignored', {
    what: '`let _ =` on a call whose failure loses data or state (`flush`, `sync_all`, `commit`, `rename`, `verify` …), and `….ok();` as a statement. Left out: calls whose failure is commonly passed over (`send`, `join`, `shutdown`, `try_init` …), destructors, and places with a comment.',
    why: 'The program goes on as if the call had worked.',
    mend: 'Handle or return the error, or say in a comment why it does not matter.',
    inTests: 'silent',
    inGenerated: false,
  }),

  // Security
  rule('hardcoded-secret', 'high', 'security', 'secret in the source', {
    what: 'Private keys, tokens in the published forms of some forty issuers, JSON web tokens, passwords in addresses, and values assigned to names such as `password` or `api_key` that are no placeholders. Keys of cloud, code and model providers are `critical` in code that ships; passwords in documentation are `low`. The finding never repeats the secret.',
    why: 'Everyone who can read the repository, its history or a copy can use it.',
    mend: 'Revoke it at its issuer; read the new one from the environment or a secret store.',
  }),
  rule('shell-injection', 'high', 'security', 'shell command from parts', {
    what: 'A shell (`sh`, `bash`, `cmd`, `powershell` …) started with `-c` or `/C` and a text that is no literal; `medium` where the text is a plain variable.',
    why: 'The shell interprets quotes, `;` and `$( )` in any part: whoever controls one runs commands.',
    mend: 'Start the program itself and pass each value by `.arg(…)`.',
  }),
  rule('sql-injection', 'high', 'security', 'SQL statement from parts', {
    what: 'A statement in `format!`, `write!` or joined by `+` with something put in. `high` where a value stands, `medium` where a name stands and the text goes straight to a query, else `low`. Constants, placeholder lists, numbers and quoted identifiers are left out.',
    why: 'A quote in the value rewrites the statement.',
    mend: 'Keep the text fixed and bind values; take names from a fixed list.',
  }),

  // Maintainability
  rule('long-function', 'low', 'maintainability', 'long function', {
    what: 'A function of more than 100 lines. Tests and generated code are left out.',
    why: 'What does not fit on two screens is read in parts and changed by guess.',
    mend: 'Split it where its comments announce a new part.',
    inTests: 'silent',
    inGenerated: false,
  }),
  rule('complex-function', 'medium', 'maintainability', 'complex function', {
    what: 'A function of cognitive complexity (SonarSource’s definition) above 25; `low` up to 50. Tests and generated code are left out.',
    why: 'Nested and mixed control flow is where paths go untested.',
    mend: 'Return early; give inner loops and branches functions with names.',
    inTests: 'silent',
    inGenerated: false,
  }),
  rule('too-many-parameters', 'low', 'maintainability', 'many parameters', {
    what: 'A function of more than 7 parameters. Methods of trait impls and functions for C take what they must; tests and generated code are left out.',
    why: 'Arguments of one type change places unseen.',
    mend: 'Gather those that travel together in a struct.',
    inTests: 'silent',
    inGenerated: false,
  }),

  // Integrity of the text
  rule('reviewer-directed-comment', 'high', 'integrity', 'text that speaks to a reviewer', {
    what: 'A comment or string that tells a model to ignore its instructions, tells a reviewer or scanner what to report, or claims that checks were passed (`medium`). In strings only orders to a model count, one step milder: programs hold prompts of their own.',
    why: 'Code is judged by what it does. Such text tries to decide the judgement instead.',
    mend: 'Find out who wrote it and why, and delete it.',
    inTests: 'same',
  }),
  rule('hidden-characters', 'high', 'integrity', 'hidden characters', {
    what: 'Bidirectional controls (`high`), zero-width, tag and other invisible characters (`medium`), control characters and lone character literals (`low`), anywhere in the file. Left out: a byte order mark at the start, joiners in emoji and in scripts that need them, marks among right-to-left letters.',
    why: 'What is compiled is not what is shown (CVE-2021-42574).',
    mend: 'Delete them, or write the escape.',
    inTests: 'same',
  }),
  rule('syntax-error', 'low', 'syntax', 'code that could not be read', {
    what: 'A region that the grammar cannot read, one finding each. Rules say nothing there, and the file’s metrics and scores are unknown.',
    why: 'What is not read is not reviewed: no finding there means nothing.',
    mend: 'Mend the code; if the compiler accepts it, the grammar is at fault.',
    inTests: 'same',
  }),
  rule('suppression-without-reason', 'low', 'integrity', 'suppression without a reason', {
    what: 'A `rustassistant:allow(…)` with no reason after it. It silences all the same.',
    why: 'Whoever meets it later cannot tell whether it still holds.',
    mend: 'Write the reason behind the bracket.',
    inTests: 'same',
  }),
  rule('unknown-suppression', 'low', 'integrity', 'suppression of an unknown rule', {
    what: 'A `rustassistant:allow(…)` that names no rule there is.',
    why: 'It silences nothing, and looks as if it did.',
    mend: 'Mend the name: `rustassistant explain` lists them all.',
    inTests: 'same',
  }),
];

/** Rule ids, each with the severity at which it speaks by itself: what a configuration may set. */
export function knownRules(): ReadonlyMap<string, Severity> {
  return new Map(RULES.map(({ id, severity }) => [id, severity]));
}

type Words = Pick<RuleInfo, 'what' | 'why' | 'mend'> &
  Partial<Pick<RuleInfo, 'libraryOnly' | 'inTests' | 'inGenerated'>>;

function rule(id: string, severity: Severity, category: Category, title: string, words: Words): RuleInfo {
  const {
    libraryOnly = false,
    inTests = libraryOnly ? 'silent' : 'lower',
    inGenerated = !libraryOnly,
  } = words;
  return { id, severity, category, title, ...words, libraryOnly, inTests, inGenerated };
}
