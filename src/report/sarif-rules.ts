import { SECURITY } from '../lint/rule.ts';
import { RULES } from '../lint/table.ts';
import type { Finding, Severity } from '../types/finding.ts';

/** How SARIF tells how grave something is. */
export type Level = 'error' | 'warning' | 'note';

export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/**
 * Code scanning shows a rule as critical above 9, high from 7, medium from 4, low above 0. It files under security whatever
 * has one.
 */
const SECURITY_SEVERITY: Readonly<Record<Severity, string | null>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: null,
};

/** For rules that are not about security: https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support */
const PROBLEM_SEVERITY: Readonly<Record<Level, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'recommendation',
};

/** A `reportingDescriptor` (SARIF 2.1.0, 3.49). */
export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: Level };
  readonly properties: Readonly<Record<string, string | readonly string[]>>;
}

/** Readers of SARIF know a severity of rules alone, so that a rule is one for each severity at which it spoke. */
export function sarifRuleId({ rule, severity }: Pick<Finding, 'rule' | 'severity'>): string {
  return `${rule}/${severity}`;
}

/** The rule of a finding, as SARIF describes it. */
export function sarifRule({ rule, severity, category }: Finding): SarifRule {
  const level = LEVELS[severity];
  const { title, what, why, mend } = RULES.find(({ id }) => id === rule) ?? ofModel(category);
  const security = SECURITY.has(category);
  const grade = SECURITY_SEVERITY[severity];
  return {
    id: sarifRuleId({ rule, severity }),
    name: rule,
    shortDescription: { text: title },
    fullDescription: { text: what },
    help: {
      text: `${what}\n\nWhy: ${why}\n\nMend: ${mend}`,
      markdown: `${what}\n\n**Why:** ${why}\n\n**Mend:** ${mend}`,
    },
    defaultConfiguration: { level },
    properties: {
      tags: security ? ['security', ...(category === 'security' ? [] : [category])] : [category],
      ...(security
        ? grade === null
          ? {}
          : { 'security-severity': grade }
        : { 'problem.severity': PROBLEM_SEVERITY[level] }),
    },
  };
}

function ofModel(category: string) {
  return {
    title: `Found by the model: ${category}`,
    what: `A defect (${category}) that the model reported; its quote stands in the code that it was shown.`,
    why: 'It stands in the finding itself.',
    mend: 'It stands in the finding itself; a model may be wrong, and a finding can be dismissed with a reason.',
  };
}
