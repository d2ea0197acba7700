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
    match env::var("X") { Ok(x) => h(x), Err(_) => {} }
    match g() { Ok(x) => h(x), Err(Other) => return, Err(_) => {} }
    // the default holds
    match g() { Ok(x) => h(x), Err(_) => {} }
    if let Err(_) = g() { return; }
    match *self { Err(_) => {}, Ok(ref mut x) => h(x) }
    match Self::plausible_cert(&mut bio) { Ok(x) => h(x), Err(_) => {} }
    match wait() { Ok(Exited(x)) if x == 0 => h(x), Ok(_) => {} Err(_) => {} }
    let kind = env::var("KIND");
    match kind.as_deref() { Ok(x) => h(x), Err(_) => {} }
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
pub fn f() { process::exit(1) } //~ info
pub fn g() { std::process::exit(1) } //~
pub fn exit_with(code: i32) { process::exit(code) }
pub fn run(self) -> ! { process::exit(0) }
pub fn h() { self.exit(1); exit(2); }
/// Warns.
pub fn i() {
    process::exit(1) //~
}
/// Prints the usage and exits.
pub fn j() { process::exit(1) }
pub fn k() -> Infallible { process::exit(1) }
pub fn l() { if unsafe { fork() } > 0 { process::exit(0) } }
macro_rules! die { () => { std::process::exit(1) } }`,
    );
    check('exit-in-library', 'use clap::Parser;\npub fn f() { std::process::exit(1) }');
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
/// Prints the field.
fn look(x: u8) { println!("x"); }
fn last() { eprintln!("x"); std::process::abort() }
macro_rules! say { () => { println!("x") } }
pub fn derive() -> TokenStream { quote! { println!("x") } }
#[test]
fn t() { println!("x"); }`,
    );
    for (const path of ['src/bin/tool.rs', 'src/report.rs', 'src/unix_term.rs'])
      check('print-in-library', 'pub fn f() { println!("x"); }', { path });
    check('print-in-library', 'use clap::Parser;\npub fn f() { println!("x"); }');
    check('print-in-library', 'fn main() { println!("x"); }', { role: 'binary' });
  });
});
