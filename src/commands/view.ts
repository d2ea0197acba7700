import { UserError } from '../errors.ts';
import type { Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';
import { atLeast } from '../util/severity.ts';
import type { Options } from './command.ts';
import { formatOf } from './common.ts';

export const FORMATS = ['text', 'short', 'json'] as const;
/** As many findings are shown at full length. */
export const WORST = 20;

/** What of a report is wanted, and how. */
export interface View {
  readonly format: (typeof FORMATS)[number];
  readonly severity: Severity;
  readonly failOn: Severity | null;
  readonly detail: { readonly kind: 'worst'; readonly limit: number } | { readonly kind: 'all' };
}

/** Reads `--format`, `--severity` and `--fail-on`. Throws a UserError that names what they take. */
export function viewOf(options: Options): View {
  const format = formatOf(options, FORMATS);
  const severity = severityOf(options['severity'], '--severity') ?? (format === 'text' ? 'medium' : 'info');
  const worst = format === 'text' && atLeast(severity, 'medium');
  return {
    format,
    severity,
    failOn: severityOf(options['failOn'], '--fail-on'),
    detail: worst ? { kind: 'worst', limit: WORST } : { kind: 'all' },
  };
}

function severityOf(value: unknown, flag: string): Severity | null {
  if (value === undefined) return null;
  const known = SEVERITIES.find((severity) => severity === value);
  if (known !== undefined) return known;
  throw new UserError('usage', `${flag} takes no "${String(value)}"`, `Known: ${SEVERITIES.join(', ')}.`);
}
