import { describe, expect, it } from 'vitest';
import { check, findings, ofRule } from '../support.ts';

const LIBRARY_RULES = [
  'missing-docs',
  'unwrap-in-library',
  'expect-in-library',
  'panic-in-library',
  'todo-in-library',
];

describe('unwrap-in-library', () => {
  it('fires', () => {
    check(
      'unwrap-in-library',
      `pub fn f(x: Option<u8>) -> u8 {
    let a = x.unwrap(); //~ low
    let b = map.get(&a).unwrap().clone(); //~
    let c = text
        .split(',').next()
        .unwrap(); //~
    println!("{}", x.unwrap()); //~
    let d = || x.unwrap(); //~
    g(x.unwrap()); //~
    Regex::new(pattern).unwrap(); //~
    a
}`,
    );
  });

  it('gives the line of the call and quotes the chain', () => {
    const [finding] = ofRule(
      'unwrap-in-library',
      'fn f() {\n    text\n        .first::<u8>()\n        .unwrap();\n}',
    );
    expect(finding).toMatchObject({
      startLine: 4,
      startColumn: 10,
      quote: 'text .first::<u8>() .unwrap();',
      item: 'f',
    });
  });

  it('is silent where nothing can fail, or the panic only passes on', () => {
    check(
      'unwrap-in-library',
      `use std::fmt::Write;
const N: NonZeroU8 = NonZeroU8::new(N0).unwrap();
fn f() {
    m.lock().unwrap().push(1);
    rw.read().unwrap();
    self.rw.write().unwrap();
    handle.join().unwrap();
    cvar.wait(guard).unwrap();
    let a = "127.0.0.1:80".parse::<SocketAddr>().unwrap();
    let b = Regex::new(r"^\\d+$").unwrap();
    let c = u32::from_le_bytes(buf[0..4].try_into().unwrap());
    let d = NonZeroUsize::new(64).unwrap();
    write!(s, "{}", 1).unwrap();
    write!(s, "{}", f(x)).unwrap();
}`,
    );
  });

  it('is silent where it is explained', () => {
    check(
      'unwrap-in-library',
      `/// First one.
///
/// # Panics
///
/// If the list is empty.
pub fn f(v: &[u8]) -> &u8 {
    v.first().unwrap()
}
fn g(v: &[u8]) {
    // The list is never empty here: checked above.
    v.first().unwrap();
    v.last().unwrap(); // cannot fail, see above
    // takes the first
    v.first().unwrap(); //~
}`,
    );
  });

  it('is silent where the function looked before, and in code that makes code', () => {
    check(
      'unwrap-in-library',
      `fn f(&self, list: &[u8]) {
    if self.tag.is_some() { g(self.tag.as_ref().unwrap()); }
    if list.len() == 1 { g(list.iter().next().unwrap()); }
    let mut best = None;
    if best.is_none() { best = Some(1); }
    g(best.unwrap());
    g(self.tags.first().unwrap()); //~
    if self.names.contains_key(&key) { g(self.names.get(&key).unwrap()); }
    if size < 256 { g(u8::try_from(size).unwrap()); }
    g(u8::try_from(width).unwrap()); //~
    g(x.list.first().unwrap()); //~
}
fn unwrap_all(list: &[u8]) { list.first().unwrap(); }`,
    );
    check('unwrap-in-library', 'use proc_macro::TokenStream;\nfn f() { x.unwrap(); }');
    check('unwrap-in-library', 'fn main() { g() }\nfn g() { x.unwrap(); }');
  });

  it('is silent on other methods, and on text', () => {
    check(
      'unwrap-in-library',
      `fn f() {
    x.unwrap_or(1); x.unwrap_or_default(); unwrap(x); key.unwrap(&kek); cfg.unwrap;
    // x.unwrap()
    let s = "x.unwrap()";
    self.unwrap()?;
}
fn unwrap() {}
/// \`\`\`
/// x.unwrap();
/// \`\`\`
fn documented() {}`,
    );
  });
});

describe('unwrap-on-input', () => {
  it('tells what comes from outside from what is the program’s own', () => {
    check(
      'unwrap-on-input',
      `pub fn f(text: &str, bytes: &[u8]) {
    let a: u16 = text.parse().unwrap(); //~ medium
    let b = text.trim().parse::<u16>().expect("a port"); //~
    let c = std::env::var("HOME").unwrap(); //~
    let d = std::fs::read_to_string(&path).unwrap(); //~
    let e = serde_json::from_str::<Settings>(&text).unwrap(); //~
    let g = std::str::from_utf8(&bytes[..n]).unwrap(); //~
    let h = File::open(path).unwrap(); //~
    let i = list.first().unwrap();
    let j = "127.0.0.1:80".parse::<SocketAddr>().unwrap();
    let k = mutex.lock().unwrap();
    let digits = PATTERN.find(text);
    let l: u16 = digits.parse().unwrap();
    let m: u16 = LIMIT.parse().unwrap();
    let n = std::env::var("OUT_DIR").unwrap();
}`,
    );
  });

  it('says so instead of unwrap-in-library and expect-in-library, not beside them', () => {
    const rules = findings(
      '/// F.\npub fn f(text: &str) { text.parse::<u8>().unwrap(); text.parse::<u8>().expect("x"); }',
    ).map(({ rule }) => rule);
    expect(rules).toEqual(['unwrap-on-input', 'unwrap-on-input']);
  });

  it('is silent where it is explained, in binaries and in tests', () => {
    check(
      'unwrap-on-input',
      `pub fn f(text: &str) {
    // cannot fail: written by this function above
    text.parse::<u8>().unwrap();
}
#[test]
fn g() { text.parse::<u8>().unwrap(); }`,
    );
    check('unwrap-on-input', 'fn main() { text.parse::<u8>().unwrap(); }', { role: 'binary' });
  });
});

describe('expect-in-library', () => {
  it('fires with a message', () => {
    check(
      'expect-in-library',
      `fn f() {
    x.expect("a value"); //~ info
    x.expect(&format!("no {}", y)); //~
    x.expect(NO_VALUE); //~
    x.expect("cannot open the file"); //~
    x.expect("Failed: it is closed"); //~
}`,
    );
  });

  it('is silent on parsers, locks and what is explained', () => {
    check(
      'expect-in-library',
      `fn f(&mut self) {
    self.expect(Token::Comma)?;
    self.expect(b',');
    p.expect("fn")?;
    m.lock().expect("poisoned");
    // invariant: set in new()
    x.expect("set in new");
    x.expect("the root is never empty");
    x.expect("Removed implies a date");
    x.expect(INTERNAL_ERROR);
}`,
    );
  });
});

describe('panic-in-library', () => {
  it('fires', () => {
    check(
      'panic-in-library',
      `fn f(x: u8) {
    panic!("no"); //~ low
    match x { 0 => panic!("unexpected {x}"), _ => unreachable!() } //~
    std::panic!("{}", x); //~
    y.unwrap_or_else(|| panic!("x {}", x)); //~
}`,
    );
  });

  it('is silent where documented or explained', () => {
    check(
      'panic-in-library',
      `/// # Panics
/// Panics if x is odd.
fn f(x: u8) { panic!("odd") }
fn g(x: u8) {
    match x {
        0 => {}
        // the caller checked: never more than 0
        _ => unreachable!(),
    }
    if x > 9 { panic!("this should never happen") }
    assert!(x > 0);
    debug_assert!(x > 0, "panic!");
    std::panic::catch_unwind(|| x);
}
fn run(self) -> ! { loop {} panic!("over") }
impl Rem for Number { fn rem(self, other: Self) -> Self { panic!("division by zero") } }
// There is no way to tell, so it panics.
fn poll(self) { panic!("no timer") }
/// Panics on zero.
fn checked(x: u8) { panic!("zero") }
const _: () = { panic!("at compile time") };
macro_rules! m { () => { panic!("in the caller's code") } }`,
    );
  });
});

describe('todo-in-library', () => {
  it('fires', () => {
    check(
      'todo-in-library',
      `fn f() { todo!() } //~ medium
fn g() { todo!("write this") } //~ medium
fn h() { unimplemented!() } //~ low
fn i() { unimplemented!("no sockets on this platform") } //~ low
// TODO: speed up //~ info
/* FIXME handle overflow */ //~ info
fn j() {}`,
    );
  });

  it('is silent on what is tracked', () => {
    check(
      'todo-in-library',
      `fn f() { todo!("blocked by #123") }
// tracked: https://github.com/a/b/issues/1
fn g() {
    // see #12
    unimplemented!()
}
// TODO(#42): speed up
// FIXME: overflow, https://github.com/a/b/issues/1
// TODO: rename once
// PROJ-17 is done
// TODOs are fine in prose, and so is "todo"
fn h() { let s = "TODO"; }`,
    );
  });
});

describe('library code', () => {
  const source = `pub fn f() { x.unwrap(); x.expect("x"); panic!("x"); todo!() }`;
  const rules = (place: Parameters<typeof findings>[1]): string[] =>
    findings(source, place).map(({ rule }) => rule);

  it('is what others link', () => {
    expect(rules({ path: 'src/lib.rs' })).toEqual(LIBRARY_RULES);
    expect(rules({ path: 'src/net/pool.rs' })).toEqual(LIBRARY_RULES.slice(1));
  });

  it.each([
    ['src/main.rs', 'binary'],
    ['tests/a.rs', 'test'],
    ['examples/a.rs', 'example'],
    ['benches/a.rs', 'bench'],
    ['build.rs', 'build'],
  ] as const)('not %s', (path, role) => {
    expect(rules({ path, role })).toEqual([]);
  });

  it.each(['src/tests.rs', 'src/net/tests/pool.rs', 'src/pool_test.rs', 'src/test_utils.rs'])(
    'not %s',
    (path) => {
      expect(rules({ path })).toEqual([]);
    },
  );

  it('not test modules, test functions, generated code', () => {
    expect(findings(`#[cfg(test)]\nmod tests {\n    fn f() { x.unwrap(); panic!("x") }\n}`)).toEqual([]);
    expect(findings(`#[test]\nfn f() { x.unwrap(); todo!() }`)).toEqual([]);
    expect(findings(`#![cfg(test)]\nfn f() { x.unwrap(); todo!() }`)).toEqual([]);
    expect(findings(`// @generated by a tool\nfn f() { x.unwrap(); todo!() }`)).toEqual([]);
  });
});
