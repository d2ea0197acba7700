import type { Finding, Severity, SeverityCounts } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { atLeast, rank } from '../util/severity.ts';
import { grouped } from '../util/numbers.ts';
import { byPath } from '../util/order.ts';
import type { FileReport, Report, Summary } from './model.ts';

export interface Located {
  readonly path: string;
  readonly finding: Finding;
}

/** Behind the title of a finding of an item that changed, where older ones stand beside it. */
export const CHANGED_MARK = ' (changed)';

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
      byGravity(a, b) ||
      byPath(a, b) ||
      a.finding.startLine - b.finding.startLine ||
      a.finding.startColumn - b.finding.startColumn,
  );
}

/** The worse first; before that, under `--since`, those of items that changed. */
export function byGravity({ finding: a }: Located, { finding: b }: Located): number {
  return Number(a.changed === false) - Number(b.changed === false) || rank(a.severity) - rank(b.severity);
}

/** How many findings are of `least` or worse. */
export function countAtLeast(counts: SeverityCounts, least: Severity): number {
  return SEVERITIES.filter((severity) => atLeast(severity, least)).reduce(
    (sum, severity) => sum + counts[severity],
    0,
  );
}

/**
 * Whether `--fail-on` is met anywhere in the report: under `--since` by an item that changed, beside a baseline by what is
 * new.
 */
export function meets(report: Report, failOn: Severity): boolean {
  return report.repositories.some(
    ({ summary }) => countAtLeast(summary.changed ?? countedOf(summary), failOn) > 0,
  );
}

/** What a reader is shown: all that is open, or what is new since a baseline. */
function countedOf({ findings, news }: Summary): SeverityCounts {
  return news?.since === 'baseline' ? news.new : findings;
}

/** The report without what stood in the baseline; as it is where there is none. */
export function newsOnly(report: Report): Report {
  const repositories = report.repositories.map((repository) => {
    const { summary, files } = repository;
    if (summary.news?.since !== 'baseline') return repository;
    const newIds = new Set(summary.news.newIds);
    const fresh = files.map((file) => ({
      ...file,
      findings: file.findings.filter(({ id, suppressed }) => newIds.has(id) || suppressed !== undefined),
    }));
    return { ...repository, summary: { ...summary, findings: countedOf(summary) }, files: fresh };
  });
  return { ...report, repositories };
}

/** `2 new, 1 fixed since the last run`; null where there is nothing to compare with, or nothing has changed. */
export function newsLine({ news }: Summary, least: Severity): string | null {
  if (news === null) return null;
  const [fresh, kept, fixed] = [news.new, news.kept, news.fixed].map((counts) => countAtLeast(counts, least));
  const what =
    news.since === 'baseline' ? `, ${grouped(kept ?? 0)} kept since the baseline` : ' since the last run';
  if (news.since === 'last-run' && fresh === 0 && fixed === 0) return null;
  return `${grouped(fresh ?? 0)} new, ${grouped(fixed ?? 0)} fixed${what}`;
}
