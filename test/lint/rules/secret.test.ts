import { describe, expect, it } from 'vitest';
import { check, findings, ofRule } from '../support.ts';

// In two parts, so that a scanner finds no token here.
const GITHUB = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
const PEM_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const PEM = ['-----BEGIN PRIVATE', `KEY-----\n${PEM_LINE}\n${PEM_LINE}\n-----END PRIVATE KEY-----`].join(' ');

describe('hardcoded-secret', () => {
  it('fires in strings, comments and macros', () => {
    check(
      'hardcoded-secret',
      `const TOKEN: &str = "${GITHUB}"; //~ critical
// curl -H "Authorization: token ${GITHUB}" //~
/* the old one: ${GITHUB} */ //~
fn f() {
    let password = "hunter2"; //~ high
    println!("{}", "${GITHUB}"); //~
    connect("postgres://app:s3cr3tPw@db.internal/app"); //~ high
}
#[doc = "${GITHUB}"] //~
fn g() {}
#[cfg(test)]
mod tests { const P: &str = "${GITHUB}"; } //~ low`,
    );
    check(
      'hardcoded-secret',
      `const K: &str = "${PEM}";`.replace('-----\n', '----- //~ high\n').replace(' //~ high', ' //~ high'),
    );
  });

  it('takes passwords and keys in documentation and tests for made up, tokens not', () => {
    check(
      'hardcoded-secret',
      `//! let url = "postgres://app:s3cr3tPw@db.internal/app";
/// let p = Password::from("x"); let password = "hunter2";
/// ${GITHUB} //~ critical
// let password = "hunter2"; //~ low
fn f() {}
#[test]
fn g() { let password = "hunter2"; let token = "${GITHUB}"; } //~ low`,
    );
    check('hardcoded-secret', `const K: &str = "${PEM}";`, { role: 'test', path: 'tests/keys.rs' });
  });

  it('never repeats the secret, in no finding of the file', () => {
    const all = findings(
      `fn f(password: &str) { if password == "hunter2" { g("${GITHUB}").unwrap(); unsafe { h("${GITHUB}") } } }
const K: &str = "${PEM}"; // TODO: move`,
    );
    expect(all.map(({ rule }) => rule)).toEqual([
      'hardcoded-secret',
      'hardcoded-secret',
      'unwrap-in-library',
      'undocumented-unsafe',
      'hardcoded-secret',
      'hardcoded-secret',
      'todo-in-library',
    ]);
    const told = JSON.stringify(all);
    for (const secret of ['hunter2', GITHUB, GITHUB.slice(8, 20), PEM_LINE])
      expect(told).not.toContain(secret);
    expect(ofRule('hardcoded-secret', `const T: &str = "${GITHUB}";`)[0]?.quote).toBe(
      'const T: &str = "[github-token]";',
    );
  });

  it('says what it is and stands at the value', () => {
    expect(ofRule('hardcoded-secret', `let password = "hunter2";`)[0]).toMatchObject({
      title: 'password in the source',
      startLine: 1,
      startColumn: 17,
      endColumn: 24,
      category: 'security',
    });
  });

  it('is silent on placeholders and look-ups', () => {
    check(
      'hardcoded-secret',
      `const TOKEN: &str = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const AWS: &str = "AKIAIOSFODNN7EXAMPLE";
let password = std::env::var("DB_PASSWORD")?;
let password = "changeme";
let build = ("cargo-1password", "crates/credential/cargo-1password");
let url = format!("postgres://{user}:{password}@{host}");
let header = "-----BEGIN RSA PRIVATE KEY-----";
let sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";`,
    );
  });
});
