import type { Finding, Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';
import { atLeast, rank } from '../util/severity.ts';
import type { FileReport, Report, SeverityCounts } from './model.ts';

export interface Located {
  readonly path: string;
  readonly finding: Finding;
}

/**
 * The unsuppressed findings of `least` or worse, the worst first, then by path and line; under `--since` those of items
 * that changed before all others.
 */
export function shownFindings(files: readonly FileReport[], least: Severity): Located[] {
  return ranked(files, ({ suppressed, severity }) => suppressed === undefined && atLeast(severity, least));
}

/** The suppressed findings of `least` or worse, in the same order. */
export function suppressedFindings(files: readonly FileReport[], least: Severity): Located[] {
  return ranked(files, ({ suppressed, severity }) => suppressed !== undefined && atLeast(severity, least));
}

function ranked(files: readonly FileReport[], wanted: (finding: Finding) => boolean): Located[] {
  const found = files.flatMap(({ path, findings }) =>
    findings.filter(wanted).map((finding) => ({ path, finding })),
  );
  return found.sort(
    (a, b) =>
      Number(a.finding.changed === false) - Number(b.finding.changed === false) ||
      rank(a.finding.severity) - rank(b.finding.severity) ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
      a.finding.startLine - b.finding.startLine ||
      a.finding.startColumn - b.finding.startColumn,
  );
}

/** How many findings are of `least` or worse. */
export function countAtLeast(counts: SeverityCounts, least: Severity): number {
  return SEVERITIES.filter((severity) => atLeast(severity, least)).reduce(
    (sum, severity) => sum + counts[severity],
    0,
  );
}

/** Whether `--fail-on` is met anywhere in the report: under `--since` by an item that changed. */
export function meets(report: Report, failOn: Severity): boolean {
  return report.repositories.some(
    ({ summary }) => countAtLeast(summary.changed ?? summary.findings, failOn) > 0,
  );
}
