import type { RuleSetting, Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';

/** 0 is the worst; `off` comes after the mildest. */
export function rank(setting: RuleSetting): number {
  return setting === 'off' ? SEVERITIES.length : SEVERITIES.indexOf(setting);
}

/** True where `severity` is `least` or worse. */
export function atLeast(severity: Severity, least: Severity): boolean {
  return rank(severity) <= rank(least);
}
