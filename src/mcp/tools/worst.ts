import type { Report } from '../../report/model.ts';
import type { Located } from '../../report/select.ts';
import { countAtLeast, shownFindings } from '../../report/select.ts';
import type { Severity } from '../../types/finding.ts';
import { counted } from '../../util/numbers.ts';
import { printable } from '../../util/printable.ts';
import { rank } from '../../util/severity.ts';
import type { Naming } from '../text.ts';
import { notesText, trimmed } from '../text.ts';

interface Placed extends Located {
  readonly root: string;
}

/** The findings of a report, the worst first. */
function placed({ repositories }: Report, severity: Severity): Placed[] {
  return repositories
    .flatMap(({ path: root, files }) => shownFindings(files, severity).map((one) => ({ ...one, root })))
    .sort((a, b) => rank(a.finding.severity) - rank(b.finding.severity));
}

/**
 * The report with its worst findings alone, and the files that have one or that failed. The summaries stay whole, and
 * what is left out is said.
 */
export function worstOf(report: Report, severity: Severity, limit: number): Report {
  const kept = placed(report, severity).slice(0, limit);
  const ids = new Set(kept.map(({ root, finding }) => `${root}\n${finding.id}`));
  const repositories = report.repositories.map((repository) => ({
    ...repository,
    files: repository.files
      .map((file) => ({
        ...file,
        findings: file.findings.filter(({ id }) => ids.has(`${repository.path}\n${id}`)),
      }))
      .filter(({ findings, status }) => findings.length > 0 || status === 'failed'),
  }));
  const all = totalOf(report, severity);
  const cut =
    all > kept.length
      ? [trimmed(`${kept.length} of ${all} are listed: raise "limit" or "severity", or name "paths"`)]
      : [];
  return { ...report, repositories, notices: [...report.notices, ...cut] };
}

function totalOf({ repositories }: Report, severity: Severity): number {
  return repositories.reduce((sum, { summary }) => sum + countAtLeast(summary.findings, severity), 0);
}

/** Each finding's place and title, what it means and what to do; then how many there are. Ends with a line break. */
export function findingsText(report: Report, severity: Severity, naming: Naming): string {
  const blocks = placed(report, severity).map(({ root, path, finding }) => {
    const { startLine, rule, title, message, suggestion, source } = finding;
    const place = `${printable(naming.path(root, path))}:${startLine}`;
    const from = source === 'local' ? '' : ` (${source})`;
    return [
      `${place}: ${finding.severity}[${rule}]${from}: ${printable(title)}`,
      `  ${printable(message)}`,
      ...(suggestion === undefined ? [] : [`  do: ${printable(suggestion)}`]),
    ].join('\n');
  });
  const total = totalOf(report, severity);
  const least = severity === 'critical' ? severity : `${severity} or worse`;
  const failed = report.repositories.reduce((sum, { summary }) => sum + summary.files.failed, 0);
  const count = total === 0 ? 'No findings' : counted(total, 'finding');
  const gap = failed === 0 ? '' : `; of ${counted(failed, 'file')} nothing is known`;
  return `${[...blocks, `${count} of ${least}${gap}.`].join('\n')}\n${notesText(report.notices)}`;
}
