import { describe, expect, it } from 'vitest';
import { findings, ofRule } from './support.ts';

const RULE = 'unwrap-in-library';

/** Line and reason (`-` where it is not silenced) of each `unwrap`. */
function unwraps(source: string): string[] {
  return ofRule(RULE, source).map(({ startLine, suppressed }) => `${startLine} ${suppressed ?? '-'}`);
}

describe('rustassistant:allow', () => {
  it('at the end of a line silences the line', () => {
    expect(
      unwraps(`fn f() {
    a.unwrap(); // rustassistant:allow(unwrap-in-library) set above
    b.unwrap();
    c.unwrap(); /* rustassistant:allow(unwrap-in-library): never none */
}`),
    ).toEqual(['2 set above', '3 -', '4 never none']);
  });

  it('above a statement silences the whole of it', () => {
    expect(
      unwraps(`fn f() {
    // rustassistant:allow(unwrap-in-library) set above
    let a = x
        .first()
        .unwrap();
    // rustassistant:allow(unwrap-in-library) set above
    // (by new)
    #[allow(clippy::unwrap_used)]
    x.second()
        .unwrap();
    b.unwrap();
    // rustassistant:allow(unwrap-in-library) for the condition alone
    if x.unwrap() {
        y.unwrap();
    }
}`),
    ).toEqual(['5 set above', '10 set above', '11 -', '13 for the condition alone', '14 -']);
  });

  it('above an item silences the whole of it', () => {
    expect(
      unwraps(`// rustassistant:allow(unwrap-in-library) a prototype
fn a() {
    x.unwrap();
}
/// Docs.
// rustassistant:allow(unwrap-in-library) a prototype
#[inline]
fn b() { x.unwrap() }

// rustassistant:allow(unwrap-in-library) a prototype

/// Docs.
#[inline]
pub fn c() { x.unwrap() }
fn d() { x.unwrap() }
impl A {
    // rustassistant:allow(unwrap-in-library) a prototype
    fn e(&self) { x.unwrap() }
    fn f(&self) { x.unwrap() }
}
// rustassistant:allow(unwrap-in-library) a prototype
impl B { fn g(&self) { x.unwrap() } }`),
    ).toEqual([
      '3 a prototype',
      '8 a prototype',
      '14 a prototype',
      '15 -',
      '18 a prototype',
      '19 -',
      '22 a prototype',
    ]);
  });

  it('as an inner comment silences the file, or the module that it opens', () => {
    expect(
      unwraps(
        `//! rustassistant:allow(unwrap-in-library) a prototype\n//!\n//! Docs.\nfn f() { x.unwrap() }`,
      ),
    ).toEqual(['4 a prototype']);
    expect(
      unwraps(`fn f() { x.unwrap() }
mod m {
    //! rustassistant:allow(unwrap-in-library) a prototype
    fn f() { x.unwrap() }
}
fn g() { x.unwrap() }`),
    ).toEqual(['1 -', '4 a prototype', '6 -']);
  });

  it('names several rules, and silences only those', () => {
    const all = findings(`fn f() {
    // rustassistant:allow(unwrap-in-library, undocumented-unsafe) checked by the caller
    let a = unsafe { g(x.unwrap(), panic!("x")) };
}`);
    expect(all.map(({ rule, suppressed }) => [rule, suppressed])).toEqual([
      ['undocumented-unsafe', 'checked by the caller'],
      ['unwrap-in-library', 'checked by the caller'],
      ['panic-in-library', undefined],
    ]);
  });

  it('without a reason silences, and is told', () => {
    for (const comment of [
      '// rustassistant:allow(unwrap-in-library)',
      '//rustassistant:allow(unwrap-in-library) - ',
    ]) {
      const [complaint, finding] = findings(`fn f() {\n    ${comment}\n    x.unwrap();\n}`);
      expect(complaint).toMatchObject({ rule: 'suppression-without-reason', startLine: 2, severity: 'low' });
      expect(finding).toMatchObject({ rule: RULE, suppressed: 'no reason given' });
    }
  });

  it('of an unknown rule is told, each name', () => {
    const told = ofRule(
      'unknown-suppression',
      'fn f() {} // rustassistant:allow(unwrap, panic-in-library, x y,) why not',
    );
    expect(told.map(({ title }) => title)).toEqual([
      'suppression of an unknown rule: unwrap',
      'suppression of an unknown rule: x y',
      'suppression that names no rule',
    ]);
  });

  it('counts only as the beginning of a comment', () => {
    expect(
      unwraps(`fn f() {
    x.unwrap(); // see rustassistant:allow(unwrap-in-library) in the docs
    y.unwrap("rustassistant:allow(unwrap-in-library) no");
    g("// rustassistant:allow(unwrap-in-library) in a string"); z.unwrap();
    // rustassistant:allow (unwrap-in-library) with a blank
    w.unwrap();
    // rustassistant:allowed(unwrap-in-library) another word
    v.unwrap();
}`),
    ).toEqual(['2 -', '4 -', '6 with a blank', '8 -']);
  });

  it('ends where its scope ends', () => {
    expect(
      unwraps(
        'fn f() {\n    // rustassistant:allow(unwrap-in-library) the last line of a block\n}\nfn g() { x.unwrap() }',
      ),
    ).toEqual(['4 -']);
    expect(
      unwraps('fn g() { x.unwrap() }\n// rustassistant:allow(unwrap-in-library) the end of a file'),
    ).toEqual(['1 -']);
  });
});
