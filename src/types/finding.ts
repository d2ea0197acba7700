/** What is found, and what is made of it. Data only: no behaviour. */
import type { Position } from './source.ts';

/** Worst first: the order in which findings are shown. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type SeverityCounts = Readonly<Record<Severity, number>>;

export type FindingSource = 'local' | 'llm' | 'import';

/** A finding before the merge gives it its id. */
export interface FindingDraft extends Position {
  readonly rule: string;
  readonly source: FindingSource;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly message: string;
  readonly suggestion?: string;
  /** Path of the innermost named item around it; `''` at the top of the file. */
  readonly item: string;
  readonly quote: string;
  /** The reason given where the code or the configuration silences it. */
  readonly suppressed?: string;
  /** The issue in which its authors keep it, before the merge makes a note of it. */
  readonly tracked?: string;
  /** A second look at what the model found refuted it; then `suppressed` says how. */
  readonly refuted?: true;
}

export interface Finding extends FindingDraft {
  readonly id: string;
  /** Under `--since` alone: whether its item stood in no changed file as it stands now. */
  readonly changed?: boolean;
  /** When a person dismissed it, ISO 8601; then `suppressed` is the reason given. */
  readonly dismissedAt?: string;
}

/** What a person said of a finding: not to be told of it again, and why. */
export interface Dismissal {
  readonly rule: string;
  /** Where it stood then; says something only where there was no item around it. */
  readonly path: string;
  readonly item: string;
  readonly quote: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** 0-100; null means unknown. */
export interface Scores {
  readonly quality: number | null;
  readonly security: number | null;
  readonly maintainability: number | null;
  readonly complexity: number | null;
  readonly documentation: number | null;
}

/** How a rule is set: switched off, or at which severity it speaks. */
export type RuleSetting = Severity | 'off';
