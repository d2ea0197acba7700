import type { Severity } from '../types/finding.ts';
import { clipped, oneLine, printableJson } from '../util/printable.ts';
import type { RepositoryReport } from './model.ts';
import { regionOf, sayings } from './place.ts';
import type { Located } from './select.ts';
import { shownFindings } from './select.ts';

const SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

const LONGEST_DESCRIPTION = 1_000;

/**
 * One repository's findings of `least` or worse as a GitLab Code Quality report, on one line
 * (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). It knows no suppressed findings, so
 * that they are left out; without a line GitLab takes none, so that what is about a whole file stands at its first.
 */
export function renderGitlab({ files }: RepositoryReport, least: Severity): string {
  return `${printableJson(shownFindings(files, least).map(entryOf))}\n`;
}

function entryOf({ path, finding }: Located) {
  const region = regionOf(finding);
  const description = [`${oneLine(finding.title)}.`, ...sayings(finding).map(oneLine)].join(' ');
  return {
    description: clipped(description, LONGEST_DESCRIPTION),
    check_name: finding.rule,
    // One for each finding of a repository: it counts equal ones.
    fingerprint: finding.id,
    severity: SEVERITY[finding.severity],
    location: { path, lines: { begin: region?.startLine ?? 1, end: region?.endLine ?? 1 } },
  };
}
