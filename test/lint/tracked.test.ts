import { describe, expect, test } from 'vitest';
import { asNote, trackedLines, withTracked } from '../../src/lint/tracked.ts';
import type { FindingDraft } from '../../src/types/finding.ts';

const FINDING: FindingDraft = {
  ...{ rule: 'transmute', source: 'local', severity: 'high', category: 'memory-safety' },
  ...{ title: 't', message: 'What is wrong.', item: 'f', quote: 'q' },
  ...{ startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
};

/** The lines that are tracked, with their issues. */
const lines = (text: string) => Object.fromEntries(trackedLines(text));

describe('which lines are tracked', () => {
  test.each<[string, string, Record<number, string>]>([
    ['at the end of the line', 'a();\nb(); // TODO(#12)\nc();', { 2: '#12' }],
    ['above', '// FIXME(#7): later\na();\nb();', { 1: '#7', 2: '#7' }],
    [
      'past comments, attributes and blank lines',
      '// TODO(o/r.s#7)\n// more\n#[inline]\n\nfn a() {}\nfn b() {}',
      { 1: 'o/r.s#7', 2: 'o/r.s#7', 3: 'o/r.s#7', 4: 'o/r.s#7', 5: 'o/r.s#7' },
    ],
    ['with CRLF', '// TODO(#1)\r\na();\r\nb();\r\n', { 1: '#1', 2: '#1' }],
    ['in a block', '/* x\n * TODO(#1)\n */\na();\nb();', { 2: '#1', 3: '#1', 4: '#1' }],
    ['the nearest counts', '// TODO(#1)\n// TODO(#2)\na();', { 1: '#1', 2: '#2', 3: '#2' }],
  ])('%s', (_name, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test.each([
    ['without a number', '// TODO: later\na();'],
    ['somebody, not an issue', '// TODO(someone)\na();'],
    ['in a string', 'let a = "TODO(#12)";'],
    ['part of a word', '// MYTODO(#12)\na();'],
  ])('not %s', (_name, text) => {
    expect(lines(text)).toEqual({});
  });

  test('many marks in a long file cost no more than they should', () => {
    const text = '// TODO(#1)\n'.repeat(50_000);
    const start = performance.now();
    expect(trackedLines(text).size).toBe(50_001);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('what becomes of a finding', () => {
  const tracked = new Map([[3, '#12']]);
  const at = (given: Partial<FindingDraft>) => ({ ...FINDING, startLine: 3, endLine: 3, ...given });

  test('beside a mark it is a note that says where it is kept, where comments are heard', () => {
    const draft = withTracked(at({}), tracked, {});
    expect(asNote(draft, 'heard')).toEqual({
      ...at({}),
      severity: 'info',
      message: 'What is wrong. Tracked in #12: a note.',
    });
    expect(asNote(draft, 'unheard')).toEqual(at({}));
  });

  test.each<[string, FindingDraft, Record<string, 'high'>]>([
    ['elsewhere', at({ startLine: 4, endLine: 5 }), {}],
    ['hidden characters', at({ category: 'integrity' }), {}],
    ['what does not parse', at({ category: 'syntax' }), {}],
    ['a rule that the configuration sets', at({}), { transmute: 'high' }],
    ['a note', at({ severity: 'info' }), {}],
  ])('%s stays what it is', (_name, draft, settings) => {
    expect(withTracked(draft, tracked, settings)).toBe(draft);
  });
});
