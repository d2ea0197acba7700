import type { PruneReason } from '../cache/eviction.ts';
import type { Notice } from '../types/run.ts';

/** What `cache stats` prints; its JSON is the contract of `schemas/cache-stats.schema.json`. */
export interface CacheStatsReport {
  readonly schemaVersion: number;
  readonly directory: string;
  readonly bytes: CacheBytes;
  /** Pruning begins above so many bytes, and ends below so many. */
  readonly pruning: { readonly above: number; readonly to: number };
  /** Null where nothing was ever paid for. */
  readonly answers: {
    readonly answers: number;
    readonly requests: number;
    readonly ticks: number;
    readonly usd: number;
  } | null;
  readonly repositories: readonly {
    readonly id: string;
    readonly path: string;
    /** Its directory's; answers that it paid for are not in it. */
    readonly bytes: number;
    readonly lastSync: string | null;
  }[];
}

export interface CacheBytes {
  readonly total: number;
  readonly max: number;
  readonly byKind: Readonly<Record<string, number>>;
}

/** What `cache prune` prints; its JSON is the contract of `schemas/cache-prune.schema.json`. */
export interface CachePruneReport {
  readonly schemaVersion: number;
  /** `nothing`: no reason to prune; `busy`: another process prunes; `planned`: a dry run. */
  readonly status: 'nothing' | 'busy' | 'planned' | 'pruned';
  /** As the disk holds them, at the end. */
  readonly bytes: CacheBytes;
  /** Bytes at the start; equal to `bytes.total` where nothing was removed. */
  readonly before: number;
  /** Null where another process prunes. */
  readonly plan: {
    readonly target: number;
    readonly freed: number;
    /** False where even removing all that may go leaves more than the target. */
    readonly reached: boolean;
    readonly byReason: readonly PruneStep[];
  } | null;
  readonly notices: readonly Notice[];
}

export interface PruneStep {
  readonly reason: PruneReason;
  readonly entries: number;
  readonly bytes: number;
}

/** What `cache clean` prints; its JSON is the contract of `schemas/cache-clean.schema.json`. */
export interface CacheCleanReport {
  readonly schemaVersion: number;
  /** Bytes as the disk holds them. */
  readonly before: number;
  readonly after: number;
  readonly removed: readonly ('repositories' | 'answers' | 'set-aside')[];
}
