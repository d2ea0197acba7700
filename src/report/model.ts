import type { Finding, Scores, SeverityCounts } from '../types/finding.ts';
import type { FileStatus, Notice } from '../types/run.ts';
import type { SkipReason } from '../types/source.ts';
import type { FileMetrics } from '../types/syntax.ts';

/** The value that every report format renders; its JSON is the contract of `schemas/analyze.schema.json`. */
export interface Report {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** `local`, `xai` or `openai-compatible`: what produced what is shown. */
  readonly provider: string;
  readonly model: string | null;
  readonly repositories: readonly RepositoryReport[];
  readonly notices: readonly Notice[];
}

export interface RepositoryReport {
  readonly id: string;
  readonly path: string;
  readonly commit: string | null;
  readonly summary: Summary;
  readonly files: readonly FileReport[];
}

/** What has become of the findings; suppressed ones are not among them. */
export interface News {
  readonly since: 'last-run' | 'baseline';
  readonly new: SeverityCounts;
  readonly kept: SeverityCounts;
  readonly fixed: SeverityCounts;
  /** Which findings are the new ones. Findings themselves say the same in every run that finds them. */
  readonly newIds: readonly string[];
}

export interface Summary {
  readonly files: {
    readonly found: number;
    readonly analyzed: number;
    readonly cached: number;
    readonly reused: number;
    readonly skipped: number;
    readonly failed: number;
  };
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly items: {
    readonly found: number;
    readonly paid: number;
    readonly cached: number;
    readonly reused: number;
    readonly missing: number;
    readonly failed: number;
  };
  /** Not counting suppressed ones. */
  readonly findings: SeverityCounts;
  /** Under `--since` alone: those of them in items that changed; `--fail-on` asks for these. */
  readonly changed?: SeverityCounts;
  readonly suppressed: number;
  /** Null where there is nothing to compare with. */
  readonly news: News | null;
  readonly scores: Scores | null;
  /** Files of which a part did not parse: their metrics are unknown, and the scores are without them. */
  readonly broken: number;
  readonly cost: Cost;
  readonly lines: number;
  readonly elapsedMs: number;
  /** True where the run was cut short: by a cap, an interrupt, a file or an item that failed. */
  readonly incomplete: boolean;
}

export interface Cost {
  readonly ticks: number;
  readonly usd: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly estimated: boolean;
}

export interface FileReport {
  readonly path: string;
  readonly status: FileStatus;
  /** Why it was skipped or failed. */
  readonly reason?: string;
  readonly contentHash: string | null;
  /** False while an item's answer is missing; always true under the local provider. */
  readonly complete: boolean;
  readonly scores: Scores | null;
  readonly metrics: FileMetrics | null;
  readonly findings: readonly Finding[];
}
