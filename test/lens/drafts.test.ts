import { describe, expect, it } from 'vitest';
import { toDrafts } from '../../src/lens/drafts.ts';
import type { Answer, LensFinding } from '../../src/types/answer.ts';
import type { Unit } from '../../src/types/unit.ts';
import { lineIndex } from '../../src/util/lines.ts';

const FILE = 'use a;\n\nfn f() {\n    let é = x.unwrap();\n}\n';
const START = FILE.indexOf('fn f');

const unit: Unit = {
  hash: '',
  context: '',
  path: 'm::f',
  kind: 'fn',
  start: START,
  end: FILE.length - 1,
  bytes: 0,
  test: false,
};

const finding: LensFinding = {
  quote: 'x.unwrap()',
  severity: 'medium',
  category: 'error-handling',
  title: 'Panics',
  message: 'It panics.',
  suggestion: '',
  start: FILE.indexOf('x.unwrap()') - START,
  end: FILE.indexOf(';\n}') - START,
};

const answer = (...findings: LensFinding[]): Answer => ({
  status: 'complete',
  findings,
  cites: [],
  unanchored: 0,
});

describe('toDrafts', () => {
  it('places findings where the unit stands now', () => {
    expect(toDrafts('review', answer(finding), unit, lineIndex(FILE))).toEqual([
      {
        rule: 'review/error-handling',
        source: 'llm',
        severity: 'medium',
        category: 'error-handling',
        title: 'Panics',
        message: 'It panics.',
        item: 'm::f',
        quote: 'x.unwrap()',
        startLine: 4,
        startColumn: 13,
        endLine: 4,
        endColumn: 23,
      },
    ]);
  });
  it('carries a suggestion where there is one', () => {
    const drafts = toDrafts('review', answer({ ...finding, suggestion: 'Use ?' }), unit, lineIndex(FILE));
    expect(drafts[0]?.suggestion).toBe('Use ?');
  });
  it('places nothing outside of the unit', () => {
    const outside = { ...finding, end: unit.end - unit.start + 1 };
    expect(
      toDrafts('review', answer(outside, { ...finding, end: finding.start }), unit, lineIndex(FILE)),
    ).toEqual([]);
  });
});
