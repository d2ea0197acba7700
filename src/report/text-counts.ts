import { SEVERITIES } from '../types/finding.ts';
import { grouped } from '../util/numbers.ts';
import { atLeast } from '../util/severity.ts';
import type { Summary } from './model.ts';
import type { Located } from './select.ts';
import type { TextOptions } from './text.ts';

/** Under `--since`: what of all that is of this change. */
export function changedLine({ changed }: Summary): string[] {
  if (changed === undefined) return [];
  const counts = SEVERITIES.filter((severity) => changed[severity] > 0).map(
    (severity) => `${grouped(changed[severity])} ${severity}`,
  );
  return [`in items that changed: ${counts.length === 0 ? 'none' : counts.join(', ')}`];
}

/** What of the findings was printed, what is left out and why. */
export function countLine(summary: Summary, worst: readonly Located[], options: TextOptions): string[] {
  const total = SEVERITIES.reduce((sum, severity) => sum + summary.findings[severity], 0);
  const shown: string[] = [];
  const more: string[] = [];
  const hidden: string[] = [];
  let hiddenCount = 0;
  for (const severity of SEVERITIES) {
    const count = summary.findings[severity];
    if (count === 0) continue;
    if (!atLeast(severity, options.severity)) {
      hidden.push(severity);
      hiddenCount += count;
      continue;
    }
    const printed = worst.filter(({ finding }) => finding.severity === severity).length;
    if (printed > 0) shown.push(`${grouped(printed)} ${severity}`);
    if (count > printed) more.push(`${grouped(count - printed)} ${severity}`);
  }
  const none = summary.incomplete ? 'no findings in what was looked at' : 'no findings';
  const parts: string[] = total === 0 ? [none] : [];
  if (shown.length > 0) parts.push(`${shown.join(', ')} shown`);
  if (more.length > 0) parts.push(`${more.join(', ')} more (--format short lists all)`);
  if (hiddenCount > 0)
    parts.push(`${grouped(hiddenCount)} ${hidden.join('/')} hidden (--severity ${hidden.at(-1)})`);
  if (summary.suppressed > 0) parts.push(`${grouped(summary.suppressed)} suppressed`);
  return [parts.join(', ')];
}
