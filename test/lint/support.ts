import { expect } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import type { LintInput } from '../../src/lint/lint.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { FindingDraft } from '../../src/types/finding.ts';
import { lineIndex } from '../../src/util/lines.ts';

export type Place = Partial<Pick<LintInput, 'path' | 'role' | 'settings'>>;

const grammar = await loadGrammar();

/** What the analyser says of a file, through the real parser. Library code unless `place` says otherwise. */
export function findings(source: string, place: Place = {}): FindingDraft[] {
  const { path = 'src/lib.rs', role = 'library', settings = {} } = place;
  return lint({ path, role, settings, syntax: parseFile(grammar, source), lines: lineIndex(source) });
}

/** What one rule says, suppressed or not. */
export function ofRule(rule: string, source: string, place: Place = {}): FindingDraft[] {
  return findings(source, place).filter((finding) => finding.rule === rule);
}

/**
 * Expects the rule to speak at the lines marked `//~`, at the severity after the mark if one stands there,
 * and nowhere else. The marks are taken out before the rule sees them.
 */
export function check(rule: string, marked: string, place: Place = {}): void {
  const expected: string[] = [];
  const source = marked
    .split('\n')
    .map((line, index) => {
      const mark = /[ \t]*\/\/~[ ]*(\w*)$/.exec(line);
      if (mark === null) return line;
      expected.push(`${index + 1} ${mark[1] ?? ''}`.trim());
      return line.slice(0, mark.index);
    })
    .join('\n');
  const found = ofRule(rule, source, place).map(({ startLine, severity }, index) =>
    expected[index]?.includes(' ') === true ? `${startLine} ${severity}` : String(startLine),
  );
  expect(found).toEqual(expected);
}
