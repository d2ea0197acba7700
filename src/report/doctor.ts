import { createColors } from 'picocolors';
import { printable } from '../util/printable.ts';

/** One thing that was looked at. */
export interface Check {
  /** `kebab-case`, stable. */
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; `''` where nothing is to be done. */
  readonly hint: string;
}

/** What `doctor` prints; its JSON is the contract of `schemas/doctor.schema.json`. */
export interface DoctorReport {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** `fail` where any check fails. */
  readonly status: Check['status'];
  readonly checks: readonly Check[];
}

/** A line for each check, and below it what to do. Ends with a line break. */
export function doctorText({ checks, status }: DoctorReport, color: boolean): string {
  const { green, yellow, red } = createColors(color);
  const paint = { ok: green, warn: yellow, fail: red };
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status: own, message, hint }) => {
    const line = `${paint[own](own.padEnd(4))}  ${name.padEnd(width)}  ${message
      .split('\n')
      .map(printable)
      .join('\n' + ' '.repeat(width + 8))}`;
    return hint === '' ? [line] : [line, `${' '.repeat(width + 8)}${printable(hint)}`];
  });
  const failed = checks.filter((check) => check.status === 'fail').length;
  const last = {
    ok: 'All is well.',
    warn: 'It works; what is marked "warn" could be better.',
    fail: `${failed} of ${checks.length} checks failed.`,
  }[status];
  return `${lines.length === 0 ? '' : `${lines.join('\n')}\n\n`}${last}\n`;
}
