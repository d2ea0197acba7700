import type { Severity } from '../types/finding.ts';
import type { RuleInfo } from './rule.ts';
import { concurrency } from './table/concurrency.ts';
import { correctness } from './table/correctness.ts';
import { errorHandling } from './table/error-handling.ts';
import { integrity } from './table/integrity.ts';
import { maintainability } from './table/maintainability.ts';
import { memorySafety } from './table/memory-safety.ts';
import { security } from './table/security.ts';

/** Every rule of the local analyser, in the order of the documentation. `docs/rules.md` is made from it. */
export const RULES: readonly RuleInfo[] = [
  ...memorySafety,
  ...concurrency,
  ...errorHandling,
  ...correctness,
  ...security,
  ...maintainability,
  ...integrity,
];

/** Rule ids, each with the severity at which it speaks by itself: what a configuration may set. */
export function knownRules(): ReadonlyMap<string, Severity> {
  return new Map(RULES.map(({ id, severity }) => [id, severity]));
}
