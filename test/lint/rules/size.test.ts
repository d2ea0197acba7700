import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

const lines = (count: number): string => '    step();\n'.repeat(count);
const nested = (depth: number): string => 'if a { '.repeat(depth) + '} '.repeat(depth);

describe('long-function', () => {
  it('counts from the signature to the closing brace', () => {
    expect(ofRule('long-function', `fn f() {\n${lines(98)}}\n`)).toEqual([]);
    expect(ofRule('long-function', `/// Docs.\n#[inline]\nfn f() {\n${lines(98)}}\n`)).toEqual([]);
    const [finding] = ofRule('long-function', `/// Docs.\nfn f() {\n${lines(99)}}\n`);
    expect(finding).toMatchObject({
      startLine: 2,
      severity: 'low',
      title: 'function of 101 lines',
      quote: 'fn f() {',
    });
  });

  it('speaks of binaries too, but not of tests and generated code', () => {
    const long = `fn f() {\n${lines(120)}}\n`;
    expect(ofRule('long-function', long, { role: 'binary', path: 'src/main.rs' })).toHaveLength(1);
    expect(ofRule('long-function', long, { role: 'test', path: 'tests/a.rs' })).toEqual([]);
    expect(ofRule('long-function', `#[cfg(test)]\nmod tests {\n${long}}`)).toEqual([]);
    expect(ofRule('long-function', `// @generated\n${long}`)).toEqual([]);
  });
});

describe('complex-function', () => {
  it('is low above 25 and medium above 50', () => {
    // Nesting 1 + 2 + … + n.
    expect(ofRule('complex-function', `fn f() { ${nested(6)} }`)).toEqual([]);
    check('complex-function', `fn f() { ${nested(7)} } //~ low`);
    check('complex-function', `fn f() { ${nested(10)} } //~ medium`);
  });
});

describe('too-many-parameters', () => {
  it('counts what is passed', () => {
    const list = (count: number): string =>
      Array.from({ length: count }, (_, index) => `${'abcdefghij'.charAt(index)}_value: u8`).join(', ');
    check('too-many-parameters', `fn a(${list(7)}) {}\nfn b(${list(8)}) {} //~ low`);
    check(
      'too-many-parameters',
      `impl Visitor for V { fn a(${list(9)}) {} }
impl V { fn a(${list(9)}) {} } //~
pub extern "C" fn b(${list(9)}) {}
#[no_mangle]
pub fn c(${list(9)}) {}
#[test]
fn d(${list(9)}) {}
#[allow(clippy::too_many_arguments)]
fn e(${list(9)}) {}
fn lanes(a0: u8, a1: u8, a2: u8, a3: u8, a4: u8, a5: u8, a6: u8, a7: u8) {}
fn pixel(r: f32, g: f32, b: f32, a: f32, dr: f32, dg: f32, db: f32, da: f32) {}`,
    );
  });
});
