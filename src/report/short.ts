import { join, relative } from 'node:path';
import type { Severity } from '../types/finding.ts';
import { printable } from '../util/printable.ts';
import type { Report } from './model.ts';
import { CHANGED_MARK, shownFindings } from './select.ts';

/**
 * One finding a line, `path:line:column: severity[rule]: title`, the form that editors and grep understand; paths are
 * relative to `cwd`, so that an editor started there finds them.
 */
export function renderShort(report: Report, severity: Severity, cwd: string): string {
  return report.repositories
    .flatMap((repository) =>
      shownFindings(repository.files, severity).map(({ path, finding }) => {
        const place = relative(cwd, join(repository.path, path));
        const { startLine, startColumn, rule, title, changed } = finding;
        const mark = changed === true ? CHANGED_MARK : '';
        return `${printable(place)}:${startLine}:${startColumn}: ${finding.severity}[${rule}]: ${printable(title)}${mark}\n`;
      }),
    )
    .join('');
}
