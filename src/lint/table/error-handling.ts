import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const errorHandling: readonly RuleInfo[] = [
  rule('unwrap-in-library', 'low', 'error-handling', 'unwrap in library code', {
    what: '`.unwrap()` in library code. Left out: poisoned locks and joined threads, input that is a literal (`"::1".parse()`), a slice of fixed length to an array, `write!` to a `String`, constants, a value that the function looked at before (`is_some`, `len` …), functions whose name or documentation speaks of a panic, operators, code that makes code (`syn`, `proc_macro`), a comment that says why it cannot fail.',
    why: 'The user of a library cannot handle a panic; its message says nothing of what was expected.',
    mend: 'Return the error, or say why it cannot happen.',
    libraryOnly: true,
    cwe: 248,
    precision: { right: 20, judged: 25 },
    fires: `pub fn newest(entries: &[Entry]) -> &Entry {
    entries.last().unwrap()
}`,
    silent: `pub fn newest(entries: &[Entry]) -> Option<&Entry> {
    entries.last()
}`,
  }),
  rule('expect-in-library', 'info', 'error-handling', 'expect in library code', {
    what: '`.expect("…")` in library code, with the exceptions of `unwrap-in-library`. A message that states why the value is there (`"set in new"`, `"is never empty"`) is such a reason; one that says what failed is none.',
    why: 'The message helps whoever reads the panic, but the user of a library still cannot handle it.',
    mend: 'Return the error, or document the panic under `# Panics`.',
    libraryOnly: true,
    cwe: 248,
    precision: { right: 21, judged: 25 },
    fires: `pub fn newest(entries: &[Entry]) -> &Entry {
    entries.last().expect("no entries")
}`,
    silent: `/// # Panics
///
/// If there are no entries.
pub fn newest(entries: &[Entry]) -> &Entry {
    entries.last().expect("no entries")
}`,
  }),
  rule('panic-in-library', 'low', 'error-handling', 'panic in library code', {
    what: '`panic!` in library code, with the exceptions of `unwrap-in-library`. Left out as well: functions of type `!`, and a message that calls it the library’s own fault (`bug`, `impossible`, `should never`), as `unreachable!` does by its name.',
    why: 'The library decides that its caller’s thread ends.',
    mend: 'Return an error, or document the panic.',
    libraryOnly: true,
    cwe: 248,
    precision: { right: 22, judged: 25 },
    fires: `pub fn divide(a: i64, b: i64) -> i64 {
    if b == 0 {
        panic!("division by zero");
    }
    a / b
}`,
    silent: `pub fn divide(a: i64, b: i64) -> Option<i64> {
    a.checked_div(b)
}`,
  }),
  rule('todo-in-library', 'medium', 'error-handling', 'unwritten code in a library', {
    what: '`todo!` or `unimplemented!` in library code (`low` for `unimplemented!`, which is often a decision), and `TODO` or `FIXME` in comments (`info`). One that names an issue (`#123`, an address, `ABC-123`) is tracked, and left out.',
    why: 'The macro panics where the caller expects an answer; a note that no issue tracks is never found again.',
    mend: 'Write the code, return an error, or name the issue.',
    libraryOnly: true,
    precision: { right: 24, judged: 25 },
    fires: `pub fn close(self) {
    todo!()
}`,
    silent: `pub fn close(self) {
    todo!("needs the shutdown of #123")
}`,
  }),
  rule('ignored-result', 'low', 'error-handling', 'error ignored', {
    what: '`let _ =` on a call whose failure loses data or state (`flush`, `sync_all`, `commit`, `rename`, `verify` …), and `….ok();` as a statement. Left out: calls whose failure is commonly passed over (`send`, `join`, `shutdown`, `create_dir`, `try_…` …), buffers, terminals, loggers and the input of a child, destructors and other trait methods that return nothing, the way out with another error, and places with a comment.',
    why: 'The program goes on as if the call had worked.',
    mend: 'Handle or return the error, or say in a comment why it does not matter.',
    inTests: 'silent',
    inGenerated: false,
    cwe: 252,
    precision: { right: 21, judged: 25 },
    fires: `fn save(file: &File) {
    let _ = file.sync_all();
}`,
    silent: `fn save(file: &File) -> std::io::Result<()> {
    file.sync_all()
}`,
  }),
  rule('unwrap-on-input', 'medium', 'error-handling', 'unwrap of what comes from outside', {
    cwe: 248,
    what: '`.unwrap()` or `.expect("…")` in library code on the environment, files or sockets, and on text or bytes that the caller of a `pub fn` gives and that are parsed or taken for UTF-8: told apart from `unwrap-in-library`, whose values are the program’s own. Poisoned locks and joined threads are told by neither: to pass a panic on is right. The exceptions of `unwrap-in-library` hold; variables that Cargo sets are left out.',
    why: 'Input fails some day, whatever the code guarantees; then the user’s thread is gone.',
    mend: 'Return the error; if the value is the library’s own, say so in a comment or under `# Panics`.',
    libraryOnly: true,
    precision: { right: 20, judged: 25 },
    fires: `pub fn port(text: &str) -> u16 {
    text.parse().unwrap()
}`,
    silent: `pub fn port(text: &str) -> Result<u16, ParseIntError> {
    text.parse()
}`,
  }),
  rule('swallowed-error', 'low', 'error-handling', 'error matched and dropped', {
    cwe: 390,
    what: '`Err(_) => {}` or `Err(_) => ()` in a `match`, and `if let Err(_) = … {}`, without a comment. Left out: destructors, matches that take other errors or other successes by another arm, values at hand, and calls that may well fail (`env::var`, `compare_exchange`, `try_…`, `parse`, `check_…`).',
    why: 'Nobody will know that it failed.',
    mend: 'Handle, return or log it, or say in a comment why it does not matter.',
    inTests: 'silent',
    inGenerated: false,
    precision: { right: 2, judged: 2 },
    fires: `fn load(path: &Path) -> Settings {
    let mut settings = Settings::default();
    match read(path) {
        Ok(read) => settings = read,
        Err(_) => {}
    }
    settings
}`,
    silent: `fn load(path: &Path) -> Settings {
    match read(path) {
        Ok(settings) => settings,
        // Without a file the defaults hold.
        Err(_) => Settings::default(),
    }
}`,
  }),
  rule('exit-in-library', 'info', 'error-handling', 'process ended by a library', {
    what: '`std::process::exit` in library code. Left out: functions named after it (`exit_with`, `main`, `usage`), whose documentation speaks of it, of a type that never returns, or that fork, files that read the command line, and places with a comment. A remark only: many a library is the body of one program, which its files do not show.',
    why: 'The whole program ends without destructors, and its author was not asked.',
    mend: 'Return an error; the program decides.',
    libraryOnly: true,
    precision: { right: 6, judged: 25 },
    fires: `pub fn open(path: &Path) -> File {
    File::open(path).unwrap_or_else(|_| std::process::exit(1))
}`,
    silent: `pub fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}`,
  }),
  rule('print-in-library', 'low', 'error-handling', 'output from library code', {
    what: '`println!`, `print!`, `eprintln!`, `eprint!` in library code; `dbg!` is `medium`. Left out: functions and modules whose name says that they print, logging and terminal modules, files that read the command line, what stands right before the process ends, code behind a `debug`, `verbose` or feature switch, definitions of macros, `quote!`, places with a comment.',
    why: 'It writes into the output of programs that did not ask, and none can turn it off.',
    mend: 'Return the text, take a writer, or use `log` or `tracing`.',
    libraryOnly: true,
    precision: { right: 22, judged: 25 },
    fires: `pub fn connect(address: &str) -> Connection {
    println!("connecting to {address}");
    Connection::open(address)
}`,
    silent: `pub fn connect(address: &str) -> Connection {
    log::info!("connecting to {address}");
    Connection::open(address)
}`,
  }),
];
