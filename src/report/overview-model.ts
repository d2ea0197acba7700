import type { Scores, Severity, SeverityCounts } from '../types/finding.ts';
import type { Notice } from '../types/run.ts';
import type { Todo } from '../types/syntax.ts';

/** What `report` prints; its JSON is the contract of `schemas/report.schema.json`. Null means unknown. */
export interface OverviewReport {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly repositories: readonly Overview[];
  readonly notices: readonly Notice[];
}

/** One repository, or a part of it, from what is stored. */
export interface Overview {
  readonly id: string;
  readonly path: string;
  readonly commit: string | null;
  /** Files on the disk that are not as they are stored: changed, new or gone. */
  readonly outdated: number;
  readonly files: number;
  readonly lines: number;
  /** Files that did not parse whole. */
  readonly broken: number;
  readonly findings: SeverityCounts;
  readonly suppressed: number;
  readonly scores: Scores | null;
  readonly hotspots: Hotspots;
  readonly items: readonly WeighedItem[];
  readonly unsafe: UnsafeCounts;
  /** Null where it was stored by an earlier version. */
  readonly todos: readonly AgedTodo[] | null;
  /** The newest first. */
  readonly runs: readonly PastRun[];
  /** Of the whole repository; null where no model has a part in what is stored. */
  readonly coverage: Coverage | null;
  /** Of the whole repository; null where the ledger does not know. */
  readonly cost: SpentCost | null;
}

export interface Hotspots {
  /** Commits are those of so many days. */
  readonly days: number;
  /** Why the commits are unknown; null where they are known. */
  readonly unknown: string | null;
  /** The hottest first; files without a score last. */
  readonly files: readonly Hotspot[];
}

export interface Hotspot {
  readonly path: string;
  readonly commits: number | null;
  /** Cognitive complexity, summed over the file's functions. */
  readonly cognitive: number | null;
  /** Of its findings. */
  readonly weight: number;
  readonly score: number | null;
}

export interface WeighedItem {
  readonly path: string;
  /** `''` is what stands outside of items. */
  readonly item: string;
  /** 1-based, of the first finding. */
  readonly line: number;
  /** Of the worst finding. */
  readonly severity: Severity;
  readonly findings: number;
  readonly rules: readonly string[];
  readonly weight: number;
}

export interface UnsafeCounts {
  /** `unsafe` blocks in functions of the files that parsed whole. */
  readonly blocks: number;
  /** Files that did not: what is in them is unknown. */
  readonly unknownFiles: number;
  /** Files with such blocks, most of them first. */
  readonly files: readonly { readonly path: string; readonly blocks: number }[];
}

export interface AgedTodo extends Todo {
  readonly path: string;
  /** Days since its line was written; null where the history does not tell. */
  readonly days: number | null;
}

export interface PastRun {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly commit: string | null;
  /** Null: local rules alone. */
  readonly model: string | null;
  readonly lines: number;
  readonly findings: SeverityCounts;
  readonly quality: number | null;
  readonly usd: number;
}

/** Items that were asked about, or would be. */
export interface Coverage {
  readonly answered: number;
  readonly missing: number;
}

export interface SpentCost {
  readonly usd: number;
  readonly ticks: number;
  /** The worst case of what is not settled, USD. */
  readonly openUsd: number;
  readonly requests: number;
}
