import type { RuleInfo } from './rule.ts';

/** Where MITRE describes a weakness. */
export function cweAddress(cwe: number): string {
  return `https://cwe.mitre.org/data/definitions/${cwe}.html`;
}

/** `23 of 25 judged samples right`, or that none were judged. */
export function precisionOf({ precision }: Pick<RuleInfo, 'precision'>): string {
  return precision === null ? 'not judged' : `${precision.right} of ${precision.judged}`;
}
