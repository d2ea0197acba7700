import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('syntax-error', () => {
  it('fires once a region', () => {
    check('syntax-error', 'fn f() {}\nfn g( {}} //~ low\nstruct A;');
    const far = 'fn ok() { step(); }\n'.repeat(20);
    expect(ofRule('syntax-error', `let = ;\n${far}fn h() { let = ; }\n${far}`).length).toBe(2);
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
