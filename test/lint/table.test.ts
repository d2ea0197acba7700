import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES, knownRules } from '../../src/lint/table.ts';
import { SEVERITIES } from '../../src/types/finding.ts';
import { rulesPage } from '../../scripts/support/rules-page.ts';
import { ofRule } from './support.ts';

describe('the table of rules', () => {
  it('has the rules that were promised', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual([
      'allowed-safety-lint',
      'blocking-in-async',
      'boolean-parameters',
      'borrow-across-callback',
      'complex-function',
      'duplicate-match-arms',
      'exit-in-library',
      'expect-in-library',
      'hardcoded-secret',
      'hidden-characters',
      'ignored-result',
      'length-truncation',
      'length-underflow',
      'lock-across-await',
      'long-function',
      'manual-send-sync',
      'mem-forget',
      'missing-docs',
      'panic-in-library',
      'path-traversal',
      'pointer-arithmetic',
      'predictable-temp-path',
      'print-in-library',
      'raw-parts-unchecked',
      'reviewer-directed-comment',
      'secret-comparison',
      'shell-injection',
      'sql-injection',
      'static-mut',
      'suppression-without-reason',
      'swallowed-error',
      'syntax-error',
      'test-without-assertion',
      'tls-verification-off',
      'todo-in-library',
      'too-many-parameters',
      'transmute',
      'unbounded-channel',
      'unbounded-recursion',
      'unchecked-access',
      'unchecked-index',
      'undocumented-unsafe',
      'uninit-memory',
      'unknown-suppression',
      'unsafe-in-build-script',
      'unwrap-in-library',
      'unwrap-on-input',
      'weak-hash',
      'weak-randomness',
      'world-writable',
    ]);
  });

  it('is complete and in one form', () => {
    for (const { id, severity, title, what, why, mend } of RULES) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(SEVERITIES).toContain(severity);
      expect(title, id).not.toMatch(/\.$/);
      for (const text of [what, why, mend]) expect(text, id).toMatch(/^[A-Z`].*[.)]$/);
    }
  });

  it('tells a configuration what may be set', () => {
    expect(knownRules().size).toBe(RULES.length);
    expect(knownRules().get('static-mut')).toBe('high');
    expect(knownRules().has('no-such-rule')).toBe(false);
  });

  it('is what docs/rules.md says (npx tsx scripts/rules-page.ts)', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
    expect(page === rulesPage(RULES)).toBe(true);
  });

  it.each(RULES)(
    'has an example of $id that fires and one that does not',
    ({ id, fires, silent, exampleRole }) => {
      const path = exampleRole === 'build' ? 'build.rs' : 'src/lib.rs';
      expect(ofRule(id, fires, { path, role: exampleRole })).not.toEqual([]);
      expect(ofRule(id, silent, { path, role: exampleRole })).toEqual([]);
      expect(ofRule('syntax-error', silent)).toEqual([]);
    },
  );
});
