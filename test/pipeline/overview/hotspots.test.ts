import { expect, test } from 'vitest';
import type { MeasuredFile } from '../../../src/pipeline/overview/hotspots.ts';
import { hotspotsOf } from '../../../src/pipeline/overview/hotspots.ts';
import { worstItems } from '../../../src/pipeline/overview/items.ts';
import type { Finding, Severity } from '../../../src/types/finding.ts';
import type { FileMetrics } from '../../../src/types/syntax.ts';

function file(path: string, cognitive: number | null, ...findings: Finding[]): MeasuredFile {
  return { path, metrics: cognitive === null ? null : ({ cognitive } as FileMetrics), findings };
}

function finding(severity: Severity, item = 'f', startLine = 1, rule = 'r'): Finding {
  return { severity, item, startLine, rule } as Finding;
}

test('commits × complexity × (1 + weight); what is 0 is left out, what is unknown stands last', () => {
  const files = [
    file('calm.rs', 10),
    file('hot.rs', 10, finding('high'), finding('medium'), finding('low'), finding('info')),
    file('broken.rs', null, finding('critical')),
    file('plain.rs', 10),
    file('data.rs', 0),
  ];
  const churn = new Map([
    ['hot.rs', 2],
    ['plain.rs', 3],
    ['broken.rs', 9],
    ['data.rs', 9],
  ]);
  expect(hotspotsOf(files, churn)).toEqual([
    { path: 'hot.rs', commits: 2, cognitive: 10, weight: 7, score: 160 },
    { path: 'plain.rs', commits: 3, cognitive: 10, weight: 0, score: 30 },
    { path: 'broken.rs', commits: 9, cognitive: null, weight: 8, score: null },
  ]);
  expect(hotspotsOf(files, null).map(({ commits, score }) => [commits, score])).toEqual(
    files.map(() => [null, null]),
  );
});

test('items by their worst finding, then by the weight of all', () => {
  const files = [
    file('a.rs', 1, finding('medium', 'many', 9), finding('medium', 'many', 5), finding('info', 'mild')),
    file('b.rs', 1, finding('high', 'one', 3, 'x'), finding('low', 'one', 2, 'w'), finding('medium', '')),
  ];
  expect(
    worstItems(files).map(({ path, item, line, severity, findings, rules }) => [
      `${path}:${line} ${item}`,
      severity,
      findings,
      rules.join(),
    ]),
  ).toEqual([
    ['b.rs:2 one', 'high', 2, 'w,x'],
    ['a.rs:5 many', 'medium', 2, 'r'],
    ['b.rs:1 ', 'medium', 1, 'r'],
  ]);
});
