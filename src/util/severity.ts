import type { RuleSetting, Severity, SeverityCounts } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';

/** 0 is the worst; `off` comes after the mildest. */
export function rank(setting: RuleSetting): number {
  return setting === 'off' ? SEVERITIES.length : SEVERITIES.indexOf(setting);
}

/** True where `severity` is `least` or worse. */
export function atLeast(severity: Severity, least: Severity): boolean {
  return rank(severity) <= rank(least);
}

/** How many there are of each severity. */
export function countsOf(findings: Iterable<{ readonly severity: Severity }>): SeverityCounts {
  const counts = Object.fromEntries(SEVERITIES.map((name) => [name, 0])) as Record<Severity, number>;
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
