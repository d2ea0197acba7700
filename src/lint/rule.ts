import type { Severity } from '../types/finding.ts';
import type { FileRole, Range } from '../types/source.ts';
import type { Item, Site, SiteKind, SyntaxFile } from '../types/syntax.ts';

export type Category =
  | 'security'
  | 'memory-safety'
  | 'concurrency'
  | 'error-handling'
  | 'correctness'
  | 'maintainability'
  | 'integrity'
  | 'syntax';

/** What counts for the security score, and what code scanning files under security. */
export const SECURITY: ReadonlySet<string> = new Set<Category>([
  ...(['security', 'memory-safety', 'concurrency', 'integrity'] as const),
]);

/** How a rule treats test code, examples and benches: as any code, at `low` at most, or not at all. */
export type InTests = 'same' | 'lower' | 'silent';

export interface Precision {
  readonly right: number;
  readonly judged: number;
}

export interface RuleInfo {
  readonly id: string;
  /** The severity at which it speaks unless a place or the configuration says otherwise. */
  readonly severity: Severity;
  readonly category: Category;
  /** The first line of a finding. */
  readonly title: string;
  /** Number of the weakness in MITRE's list (CWE), null where none fits. */
  readonly cwe: number | null;
  /** When it fires and when it does not. */
  readonly what: string;
  readonly why: string;
  readonly mend: string;
  /** A file in which it fires once or more, and one like it in which it does not. */
  readonly fires: string;
  readonly silent: string;
  /** What part those two play in their package. */
  readonly exampleRole: FileRole;
  /** Of samples judged by reading them, how many were right; null where none were judged. */
  readonly precision: Precision | null;
  /** Speaks in library code alone: no tests, examples, benches, build scripts, binaries. */
  readonly libraryOnly: boolean;
  readonly inTests: InTests;
  /** False for rules whose findings say nothing where a machine wrote the code. */
  readonly inGenerated: boolean;
}

/** A rule that speaks at a place. */
export interface Hit extends Range {
  readonly rule: string;
  readonly message: string;
  readonly title?: string;
  readonly suggestion?: string;
  /** Where this place is milder or worse than the rule's own severity. */
  readonly severity?: Severity;
  /** Said of code that ships alone: not of tests, examples and benches. */
  readonly ships?: boolean;
  /** Where the quoted lines begin, if before `start`. */
  readonly quoteFrom?: number;
}

/** One file as the rules see it. */
export interface LintFile {
  readonly path: string;
  readonly role: FileRole;
  readonly syntax: SyntaxFile;
  readonly text: string;
  readonly items: readonly Item[];
  readonly sites: readonly Site[];
  /** Whether the file is library code at all; single items of it may still be tests. */
  readonly library: boolean;
  /** False where no function has an `.await`, and so nothing can be held across one. */
  readonly awaits: boolean;
  /** What was asked of the whole text before, by the pattern's source: see `mentions`. */
  readonly known: Map<string, boolean>;
}

export type SiteCheck = (file: LintFile, site: Site, index: number) => Hit | null;

/** What a family of rules looks at; calls and macros by their names, of which a file has many and rules want few. */
export interface SiteChecks {
  readonly calls?: Readonly<Record<string, SiteCheck>>;
  readonly macros?: Readonly<Record<string, SiteCheck>>;
  readonly kinds?: Readonly<Partial<Record<SiteKind, SiteCheck>>>;
}

/** Looks at a file as a whole: its items, its diagnostics, or its bare text. */
export type FileCheck = (file: LintFile) => readonly Hit[];
