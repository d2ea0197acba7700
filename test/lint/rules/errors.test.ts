import { describe, it } from 'vitest';
import { check } from '../support.ts';

describe('swallowed-error', () => {
  it('fires on empty arms and branches', () => {
    check(
      'swallowed-error',
      `fn f() {
    match g() {
        Ok(x) => h(x),
        Err(_) => {} //~ low
    }
    match g() {
        Err(_e) => (), //~
        Ok(x) => h(x),
    }
    if let Err(_) = g() {} //~
}`,
    );
  });

  it('is silent where something happens, or a comment says why nothing does', () => {
    check(
      'swallowed-error',
      `fn f() {
    match g() {
        Ok(x) => h(x),
        Err(_) => {} // the default holds
    }
    match g() {
        Ok(x) => h(x),
        Err(_) => {
            // the default holds
        }
    }
    match g() { Ok(x) => h(x), Err(_) => return, }
    match g() { Ok(x) => h(x), Err(e) => log(e), }
    match g() { Some(x) => h(x), None => {} }
    if let Err(_) = g() { return; }
}
#[test]
fn t() { match g() { Ok(_) => panic!(), Err(_) => {} } }`,
    );
  });
});

describe('exit-in-library', () => {
  it('fires', () => {
    check(
      'exit-in-library',
      `use std::process;
pub fn f() { process::exit(1) } //~ medium
pub fn g() { std::process::exit(1) } //~
pub fn exit_with(code: i32) { process::exit(code) }
pub fn h() { self.exit(1); exit(2); }
macro_rules! die { () => { std::process::exit(1) } }`,
    );
    check('exit-in-library', 'fn main() { std::process::exit(1) }', { role: 'binary', path: 'src/main.rs' });
  });
});

describe('print-in-library', () => {
  it('fires', () => {
    check(
      'print-in-library',
      `pub fn f(x: u8) {
    println!("{x}"); //~ low
    eprint!("x"); //~ low
    dbg!(x); //~ medium
}`,
    );
  });

  it('is silent where it is meant', () => {
    check(
      'print-in-library',
      `pub fn print_all(x: u8) { println!("{x}"); }
pub fn f(verbose: bool) { if verbose { eprintln!("x"); } }
pub fn g() {
    // the protocol is spoken on standard output
    println!("ready");
}
#[cfg(feature = "trace")]
fn h() { println!("x"); }
macro_rules! say { () => { println!("x") } }
#[test]
fn t() { println!("x"); }`,
    );
    check('print-in-library', 'pub fn f() { println!("x"); }', { path: 'src/bin/tool.rs' });
    check('print-in-library', 'fn main() { println!("x"); }', { role: 'binary' });
  });
});
