import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoreInput } from '../../src/lint/scores.ts';
import { repositoryScores, scores } from '../../src/lint/scores.ts';
import type { Scores } from '../../src/types/finding.ts';
import type { FileMetrics } from '../../src/types/syntax.ts';
import { SEVERITIES } from '../../src/types/finding.ts';

const CLEAN: FileMetrics = {
  lines: 200,
  functions: 10,
  cognitive: 0,
  cognitiveMax: 0,
  cyclomatic: 10,
  cyclomaticMax: 1,
  functionLinesMax: 20,
  parametersMax: 2,
  nestingMax: 0,
  unsafeBlocks: 0,
  unwraps: 0,
  expects: 0,
  panics: 0,
  awaits: 0,
  publicItems: 4,
  documentedItems: 4,
};
const NOTHING: Scores = {
  quality: null,
  security: null,
  maintainability: null,
  complexity: null,
  documentation: null,
};
type Told = ScoreInput['findings'][number];
const told = (severity: Told['severity'], category = 'security', suppressed?: string): Told => ({
  severity,
  category,
  ...(suppressed === undefined ? {} : { suppressed }),
});

describe('scores of a file', () => {
  it('are unknown where the file was not read', () => {
    expect(scores({ findings: [told('critical')], metrics: null })).toEqual(NOTHING);
  });

  it('are 100 where nothing is wrong', () => {
    expect(scores({ findings: [], metrics: CLEAN })).toEqual({
      quality: 100,
      security: 100,
      maintainability: 100,
      complexity: 100,
      documentation: 100,
    });
  });

  it('are unknown where there is nothing to measure', () => {
    const metrics = { ...CLEAN, functions: 0, cognitive: 0, publicItems: 0, documentedItems: 0 };
    expect(scores({ findings: [], metrics })).toEqual({
      quality: 100,
      security: 100,
      maintainability: 100,
      complexity: null,
      documentation: null,
    });
  });

  // The examples of docs/scores.md.
  it('security: each finding takes its share of what is left', () => {
    const security = (...findings: Told[]): number | null => scores({ findings, metrics: CLEAN }).security;
    expect(security(told('critical'))).toBe(50);
    expect(security(told('high'))).toBe(75);
    expect(security(told('medium'))).toBe(90);
    expect(security(told('low'))).toBe(98);
    expect(security(told('info'))).toBe(100);
    expect(security(told('high'), told('high', 'memory-safety'), told('medium', 'concurrency'))).toBe(51);
    expect(security(told('high', 'error-handling'))).toBe(100);
    expect(security(told('critical', 'security', 'a test key'))).toBe(100);
  });

  it('security: a hole weighs the same in a long file, remarks by their density', () => {
    const metrics = { ...CLEAN, lines: 2000 };
    expect(scores({ findings: [told('high')], metrics }).security).toBe(75);
    expect(scores({ findings: Array(4).fill(told('medium')), metrics }).security).toBe(90);
  });

  it('maintainability: long functions, long files, remarks', () => {
    const of = (change: Partial<FileMetrics>, ...findings: Told[]): number | null =>
      scores({ findings, metrics: { ...CLEAN, ...change } }).maintainability;
    expect(of({ functionLinesMax: 60 })).toBe(100);
    expect(of({ functionLinesMax: 300 })).toBe(50);
    expect(of({ lines: 5000 })).toBe(50);
    expect(of({}, told('medium', 'maintainability'), told('low', 'maintainability'))).toBe(88);
  });

  it('complexity: the mean and the worst function', () => {
    const of = (change: Partial<FileMetrics>): number | null =>
      scores({ findings: [], metrics: { ...CLEAN, ...change } }).complexity;
    expect(of({ cognitive: 50, cognitiveMax: 15 })).toBe(75);
    expect(of({ cognitive: 150, cognitiveMax: 75 })).toBe(33);
  });

  it('documentation: the documented share of what is visible', () => {
    expect(
      scores({ findings: [], metrics: { ...CLEAN, publicItems: 8, documentedItems: 3 } }).documentation,
    ).toBe(38);
  });

  it('quality: the weighted mean, with defects that are no security matter', () => {
    expect(scores({ findings: [told('high', 'error-handling')], metrics: CLEAN }).quality).toBe(93);
    expect(scores({ findings: [told('high')], metrics: CLEAN }).quality).toBe(93);
    expect(
      scores({ findings: [told('high', 'correctness')], metrics: { ...CLEAN, functions: 0, publicItems: 0 } })
        .quality,
    ).toBe(91);
  });

  it('stay within 0 and 100, and never rise with another finding', () => {
    const finding = fc.record({
      severity: fc.constantFrom(...SEVERITIES),
      category: fc.constantFrom('security', 'maintainability', 'error-handling', 'concurrency', 'x'),
    });
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 60 }),
        finding,
        fc.nat(20_000),
        (findings, another, lines) => {
          const metrics = { ...CLEAN, lines };
          const before = scores({ findings, metrics });
          const after = scores({ findings: [...findings, another], metrics });
          for (const part of Object.keys(before) as (keyof Scores)[]) {
            expect(before[part]).toBeGreaterThanOrEqual(0);
            expect(before[part]).toBeLessThanOrEqual(100);
            expect(after[part]).toBeLessThanOrEqual(before[part] as number);
          }
        },
      ),
    );
  });
});

describe('scores of a repository', () => {
  const nothing = { points: 0, lines: 0 };
  const sums = (security: { readonly points: number; readonly lines: number }) => ({
    ...{ quality: nothing, maintainability: nothing, complexity: nothing, documentation: nothing },
    security,
  });

  it('weigh files by their lines', () => {
    expect(repositoryScores(sums({ points: 100 * 300 + 50 * 100, lines: 400 }))).toEqual({
      ...NOTHING,
      security: 88,
    });
  });

  it('are unknown where nothing is known', () => {
    expect(repositoryScores(sums(nothing))).toEqual(NOTHING);
  });
});
