import type { Severity } from '../types.ts';
import { printable } from '../util/printable.ts';
import type { Report } from './model.ts';
import { shownFindings } from './select.ts';

/** One finding a line, `path:line:column: severity[rule]: title`, the form that editors and grep understand. */
export function renderShort(report: Report, severity: Severity): string {
  const several = report.repositories.length > 1;
  return report.repositories
    .flatMap((repository) =>
      shownFindings(repository.files, severity).map(({ path, finding }) => {
        const place = several ? `${repository.path}/${path}` : path;
        const { startLine, startColumn, rule, title } = finding;
        return `${printable(place)}:${startLine}:${startColumn}: ${finding.severity}[${rule}]: ${printable(title)}\n`;
      }),
    )
    .join('');
}
