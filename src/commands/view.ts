import { normalize } from 'node:path';
import { UserError } from '../errors.ts';
import type { Format } from '../report/formats.ts';
import { FORMATS, LEAST } from '../report/formats.ts';
import type { Severity } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { atLeast } from '../util/severity.ts';
import type { Options } from './command.ts';
import { formatOf, outputOption } from './common.ts';

/** As many findings are shown at full length. */
export const WORST = 20;

/** A report in one form, and where it goes. */
export interface Wanted {
  readonly format: Format;
  /** The mildest findings in it. */
  readonly severity: Severity;
  /** As given; undefined is stdout. */
  readonly file: string | undefined;
}

/** What of a report is wanted, and how. */
export interface View {
  /** What `--format` and `-o` name first, then what `--also` adds. */
  readonly outputs: readonly [Wanted, ...Wanted[]];
  readonly failOn: Severity | null;
  readonly detail: { readonly kind: 'worst'; readonly limit: number } | { readonly kind: 'all' };
}

/** Reads `--format`, `-o`, `--also`, `--severity` and `--fail-on`. Throws a UserError that names what they take. */
export function viewOf(options: Options): View {
  const severity = severityOf(options['severity'], '--severity');
  const wanted = (format: Format, file: string | undefined): Wanted => ({
    format,
    severity: severity ?? LEAST[format],
    file,
  });
  const first = wanted(formatOf(options, FORMATS), outputOption(options));
  const others = ((options['also'] ?? []) as readonly string[]).map((given) => wanted(...alsoOf(given)));
  const outputs: View['outputs'] = [first, ...others];
  refuseTwice(outputs);
  const worst =
    options['baseline'] === undefined &&
    outputs.every((one) => one.format === 'text' && atLeast(one.severity, 'medium'));
  return {
    outputs,
    failOn: severityOf(options['failOn'], '--fail-on'),
    detail: worst ? { kind: 'worst', limit: WORST } : { kind: 'all' },
  };
}

/** `sarif=results.sarif`. */
function alsoOf(given: string): [Format, string] {
  const [name = '', ...rest] = given.split('=');
  const file = rest.join('=');
  const format = FORMATS.find((known) => known === name);
  if (format !== undefined && file !== '' && file !== '-') return [format, file];
  const hint = `Give it as <format>=<file>, like sarif=results.sarif; formats: ${FORMATS.join(', ')}. Stdout is for --format.`;
  throw new UserError('usage', `--also takes no "${given}"`, hint);
}

/** One would overwrite the other. */
function refuseTwice(outputs: readonly Wanted[]): void {
  const files = outputs.map(({ file }) => (file === undefined ? undefined : normalize(file)));
  const twice = files.find((file, index) => file !== undefined && files.indexOf(file) !== index);
  if (twice !== undefined)
    throw new UserError('usage', `${twice} is to hold two reports`, 'Name another file.');
}

/** A severity given on the command line, null where none is. Throws a UserError that names the known ones. */
export function severityOf(value: unknown, flag: string): Severity | null {
  if (value === undefined) return null;
  const known = SEVERITIES.find((severity) => severity === value);
  if (known !== undefined) return known;
  throw new UserError('usage', `${flag} takes no "${String(value)}"`, `Known: ${SEVERITIES.join(', ')}.`);
}
