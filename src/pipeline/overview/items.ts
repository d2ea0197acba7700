import type { WeighedItem } from '../../report/overview-model.ts';
import type { Finding } from '../../types/finding.ts';
import { SEVERITIES } from '../../types/finding.ts';
import { byPath } from '../../util/order.ts';
import { rank } from '../../util/severity.ts';
import type { MeasuredFile } from './hotspots.ts';
import { weightOf } from './hotspots.ts';

/** The items with findings of low or worse, those with the heaviest first. */
export function worstItems(files: readonly MeasuredFile[]): WeighedItem[] {
  return files
    .flatMap(({ path, findings }) => [...byItem(findings)].map(([item, own]) => weighed(path, item, own)))
    .filter(({ weight }) => weight > 0)
    .sort(
      (a, b) => rank(a.severity) - rank(b.severity) || b.weight - a.weight || byPath(a, b) || a.line - b.line,
    );
}

function byItem(findings: readonly Finding[]): Map<string, Finding[]> {
  const items = new Map<string, Finding[]>();
  for (const finding of findings) items.set(finding.item, [...(items.get(finding.item) ?? []), finding]);
  return items;
}

function weighed(path: string, item: string, findings: readonly Finding[]): WeighedItem {
  const severity = SEVERITIES.find((one) => findings.some((finding) => finding.severity === one)) ?? 'info';
  return {
    path,
    item,
    line: Math.min(...findings.map(({ startLine }) => startLine)),
    severity,
    findings: findings.length,
    rules: [...new Set(findings.map(({ rule }) => rule))].sort(),
    weight: weightOf(findings),
  };
}
