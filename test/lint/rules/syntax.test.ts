import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('syntax-error', () => {
  it('fires once a region', () => {
    check('syntax-error', 'fn f() {}\nfn g( {}} //~ low\nstruct A;');
    const far = 'fn ok() { step(); }\n'.repeat(20);
    expect(ofRule('syntax-error', `let = ;\n${far}fn h() { let = ; }\n${far}`).length).toBe(2);
  });

  it('fires once a function, and not at the brackets that it leaves open', () => {
    const far = (line: string): string => `    ${line}\n`.repeat(60);
    check('syntax-error', `fn f() {\n    let = 1; //~ low\n${far('step();')}    let = 2;\n}`);
    check('syntax-error', `fn g( {}} //~ low\n${far('fn step() {}')}}`);
  });

  it('is silent on what is no code, or for a compiler to refuse', () => {
    check('syntax-error', '"this crate requires `std` or `alloc`"\n');
    check('syntax-error', 'fn g( {}}', { role: 'test', path: 'tests/ui/missing.rs' });
    check('syntax-error', 'fn g( {}}', { role: 'test', path: 'src/test/ui/fn/missing.rs' });
    check('syntax-error', 'fn g( {}} //~ low', { path: 'src/ui/window.rs' });
  });

  it('cannot be silenced in the code that cannot be read', () => {
    const [finding] = ofRule('syntax-error', '//! rustassistant:allow(syntax-error) on purpose\nfn g( {}}');
    expect(finding?.suppressed).toBeUndefined();
  });

  it('is silent on what reads', () => {
    check('syntax-error', 'fn f() { let x = 1; }\nmacro_rules! m { ($($t:tt)*) => { $($t)* } }\n');
    check('syntax-error', '');
  });
});
