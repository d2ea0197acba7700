import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('allowed-safety-lint', () => {
  it('fires without a reason', () => {
    check(
      'allowed-safety-lint',
      `#![allow(clippy::missing_safety_doc)] //~ low
#[allow(dead_code, static_mut_refs)] //~
fn f() {}
#[cfg_attr(feature = "x", allow(invalid_value))] //~
fn g() {}`,
    );
  });

  it('is silent with one, and on other lints', () => {
    check(
      'allowed-safety-lint',
      `#![allow(dead_code, clippy::too_many_arguments)]
#[allow(static_mut_refs, reason = "one thread")]
fn f() {}
// one thread
#[allow(static_mut_refs)]
fn g() {}
// #[allow(static_mut_refs)]
fn h() {}
#[deny(static_mut_refs)]
fn i() {}
#[allow(
    dead_code,
    deref_nullptr, // the layout tests of an old bindgen
    clippy::too_many_lines
)]
mod bindings {}`,
    );
  });
});

describe('unsafe-in-build-script', () => {
  const source = `fn main() {
    unsafe { libc::getpid() };
    unsafe { std::env::set_var("A", "b") };
}`;

  it('fires in build scripts alone, setting the environment apart', () => {
    expect(
      ofRule('unsafe-in-build-script', source, { role: 'build', path: 'build.rs' }).map(
        ({ startLine }) => startLine,
      ),
    ).toEqual([2]);
    expect(ofRule('unsafe-in-build-script', source)).toEqual([]);
  });
});

describe('borrow-across-callback', () => {
  it('fires while the borrow lives', () => {
    check(
      'borrow-across-callback',
      `fn f(&self) {
    let mut state = self.state.borrow_mut(); //~ medium
    (self.listener)(event);
}
fn g(&self, visit: impl Fn(u8)) {
    let state = self.state.borrow_mut(); //~
    visit(1);
}
fn h<F: FnMut(u8)>(&self, f: F) {
    let state = self.state.borrow_mut(); //~
    f(1);
}`,
    );
  });

  it('is silent once it has ended, and on calls that are known', () => {
    check(
      'borrow-across-callback',
      `fn f(&self) {
    { let mut state = self.state.borrow_mut(); state.count += 1; }
    (self.listener)(event);
}
fn g(&self) {
    let state = self.state.borrow_mut();
    drop(state);
    (self.listener)(event);
}
fn h(&self) {
    let state = self.state.borrow_mut();
    help(1);
    state.call();
}
/// # Panics
/// If the state is borrowed.
fn i(&self, visit: impl Fn(u8)) {
    let state = self.state.borrow_mut();
    visit(1);
}`,
    );
  });
});

describe('unbounded-channel', () => {
  it('fires', () => {
    check(
      'unbounded-channel',
      `use std::sync::mpsc;
fn f() {
    let (a, b) = mpsc::channel(); //~ low
    let (a, b) = tokio::sync::mpsc::unbounded_channel::<u8>(); //~
    let (a, b) = crossbeam_channel::unbounded(); //~
}
fn g() {
    let (a, b) = crossbeam_channel::unbounded(); //~
    spawn(move || for task in b.iter() { task.run() });
}`,
    );
  });

  it('is silent on bounded ones and with a comment', () => {
    check(
      'unbounded-channel',
      `fn f() {
    let (a, b) = tokio::sync::mpsc::channel(64);
    let (a, b) = std::sync::mpsc::sync_channel(1);
    // one message per file
    let (a, b) = crossbeam_channel::unbounded();
    let c = Range::unbounded();
    let (a, b) = oneshot::channel();
}
fn g() {
    let (a, b) = std::sync::mpsc::channel();
    spawn(move || a.send(1));
    b.recv().unwrap();
}
fn h() {
    let (a, b) = crossbeam_channel::unbounded::<u8>();
    for part in parts { start(a.clone()); }
    for answer in b.iter() { add(answer); }
}
fn i() {
    let (a, _b) = crossbeam_channel::unbounded();
}
fn j(bound: usize) {
    let (a, b) = tokio::sync::mpsc::unbounded_channel();
    let permits = Semaphore::new(bound);
}
fn channel() -> (Sender, Receiver) { std::sync::mpsc::channel() }`,
    );
  });
});

describe('duplicate-match-arms', () => {
  it('fires once a match', () => {
    check(
      'duplicate-match-arms',
      `fn f() {
    match key {
        Key::Up => self.select(self.selected.saturating_sub(1), Redraw::Whole),
        Key::Left => self.close(),
        Key::Char('k') => { //~ low
            self.select(self.selected.saturating_sub(1), Redraw::Whole)
        }
        _ => {}
    }
}`.replace(/\{ \/\/~ low\n\s+(.*)\n\s+\}/, '$1, //~ low'),
    );
  });

  it('is silent where joining would change or say less', () => {
    const body = 'self.select(self.selected.saturating_sub(1), Redraw::Whole)';
    check(
      'duplicate-match-arms',
      `fn f() {
    match key {
        Key::Up(x) => ${body},
        Key::Down(x) => ${body},
        Key::Left if a => ${body},
        #[cfg(unix)]
        Key::Right => ${body},
        Key::Home => ${body},
        _ => ${body},
    }
    match key { Key::Up => short(), Key::Down => short(), _ => {} }
    match key {
        Key::Up => ${body},
        // The terminal sends it for the wheel.
        Key::Down => ${body},
        _ => {}
    }
    match key {
        Key::Up => { /* TODO: scroll */ self.select(self.selected.saturating_sub(1), Redraw::Whole) }
        Key::Down => { /* TODO: scroll */ self.select(self.selected.saturating_sub(1), Redraw::Whole) }
        _ => {}
    }
}`,
    );
  });
});

describe('test-without-assertion', () => {
  it('fires', () => {
    check(
      'test-without-assertion',
      `#[test]
fn adds() { let sum = Sum::of(1, 2); println!("{sum}"); } //~ low
fn add() {}
mod tests {
    use super::*;
    #[test]
    fn adds() { let sum = add(1, 2); } //~ low
    #[test]
    fn sets() { //~ low
        let mut value = Plain::default();
        value.set_width(1);
        (*value.height_mut()) += 1;
    }
}`,
    );
  });

  it('is silent where something can fail', () => {
    check(
      'test-without-assertion',
      `#[test]
fn a() { assert_eq!(add(1, 2), 3); }
#[test]
#[should_panic]
fn b() { add(1, 2); }
#[test]
fn c() -> Result<(), E> { add(1, 2) }
#[test]
fn d() { add(1, 2).unwrap(); }
#[test]
fn e() { helper(1); }
fn helper(x: u8) { assert!(x > 0); }
#[test]
fn g() { my_macro!(1); }
#[test]
fn h() {
    // enough that it does not panic
    add(1, 2);
}
#[test]
fn i() { let _: Torque = Force::new(1) * Length::new(1); }
#[test]
fn j() { let x = 1; imported(x); }
fn no_test() { add(1, 2); }
#[test]
fn k() { let _ = Sum::of(1, 2); }
#[test]
fn l() { let parker = Parker::new(); parker.park(); }
/// It must not panic.
#[test]
fn m() { let sum = Sum::of(0, 0); }
#[test]
fn n() { Sum::of(0, 0).add(1); }
#[test]
fn o() { let bar = Bar::hidden(); bar.finish(); }
#[test]
fn issue_55() { let mut list = List::new(); list.push(1); }
#[test]
fn p() { let all = Sum::of(0, 0); let _all = all.clone(); }`,
    );
  });
});

describe('missing-docs', () => {
  it('speaks once a file, with the numbers', () => {
    const source = `/// Said.
pub struct A;
pub struct B;
impl B { pub fn c(&self) {} fn d(&self) {} }
struct E;
mod f { pub fn g() {} }
#[doc(hidden)]
pub fn h() {}
impl T for B { fn i() {} }
pub use other::Thing;`;
    const all = ofRule('missing-docs', source);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      severity: 'info',
      startLine: 3,
      title: '2 of 4 public items without documentation',
    });
  });

  it('is silent where all is said, and outside of libraries', () => {
    check('missing-docs', '/// Said.\npub struct A;\nfn b() {}');
    check('missing-docs', 'pub struct A;', { role: 'binary' });
    check('missing-docs', 'pub struct A;', { path: 'src/private.rs' });
  });

  it('is silent on what is not for readers', () => {
    check(
      'missing-docs',
      `// Not public API: used by generated code.
pub fn register() {}
#[proc_macro_derive(Answer)]
pub fn answer(input: TokenStream) -> TokenStream { input }
/// The handle.
#[cfg(unix)]
pub struct Handle(RawFd);
#[cfg(windows)]
pub struct Handle(RawHandle);`,
    );
    check('missing-docs', '#![allow(non_camel_case_types)]\npub type git_oid = [u8; 20];');
  });
});
