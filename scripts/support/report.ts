/** What scripts read of `analyze --format json` (the contract is in schemas/). */
export const OUTCOMES = ['analyzed', 'cached', 'reused', 'skipped', 'failed'] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

export type Counts<Key extends string> = Record<Key, number>;

export interface ReportFinding {
  readonly rule: string;
  readonly source: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly title: string;
  readonly startLine: number;
  readonly suppressed?: string;
}

export interface ReportFile {
  readonly path: string;
  readonly status: (typeof OUTCOMES)[number];
  readonly reason?: string;
  readonly metrics: { readonly lines: number } | null;
  readonly findings: readonly ReportFinding[];
}

export interface ReportRepository {
  readonly path: string;
  readonly summary: {
    readonly files: Counts<'found' | (typeof OUTCOMES)[number]>;
    readonly skipped: Readonly<Record<string, number>>;
    readonly items: Counts<'found' | 'paid' | 'cached' | 'reused' | 'missing' | 'failed'>;
    readonly findings: Counts<(typeof SEVERITIES)[number]>;
    readonly cost: {
      readonly ticks: number;
      readonly usd: number;
      readonly requests: number;
      readonly inputTokens: number;
      readonly cachedTokens: number;
      readonly outputTokens: number;
    };
  };
  readonly files: readonly ReportFile[];
}

export interface Report {
  readonly schemaVersion: number;
  readonly provider: string;
  readonly repositories: readonly ReportRepository[];
  readonly notices: readonly { readonly code: string; readonly message: string }[];
}

/** The report, or null where the text is none. */
export function parseReport(text: string): Report | null {
  try {
    const value = JSON.parse(text) as Report;
    return Array.isArray(value.repositories) ? value : null;
  } catch {
    // The caller says what was printed instead.
    return null;
  }
}

/** Adds `more` to `sums`, key by key. */
export function addCounts(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + count;
}
