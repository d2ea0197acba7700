import type { Severity } from '../types/finding.ts';
import { printableJson } from '../util/printable.ts';
import { atLeast } from '../util/severity.ts';
import type { Report } from './model.ts';

/**
 * The report as `schemas/analyze.schema.json` describes it, on one line, with a line break at the end.
 * `severity` leaves milder findings out of the lists; the counts of the summary stay whole.
 */
export function renderJson(report: Report, severity: Severity): string {
  const repositories = report.repositories.map((repository) => ({
    ...repository,
    files: repository.files.map((file) => ({
      ...file,
      findings: file.findings.filter((finding) => atLeast(finding.severity, severity)),
    })),
  }));
  return reportJson({ ...report, repositories });
}

/** What a command found as its schema (`schemas/`) describes it, on one line, with a line break at the end. */
export function reportJson<T extends { readonly schemaVersion: number }>(report: T): string {
  return `${printableJson(report)}\n`;
}
