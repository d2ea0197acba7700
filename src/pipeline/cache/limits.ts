import type { PruneLimits } from '../../cache/eviction.ts';
import { outgrown } from '../../cache/eviction.ts';
import type { Settings } from '../../config/schema.ts';
import { bytesAtLeast } from '../../store/footprint.ts';
import type { Layout } from '../../store/layout.ts';

export interface PruneOptions {
  readonly limits: Settings['cache'];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** `--to`, bytes. */
  readonly target?: number;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** Whether the cache has outgrown its limits: known within 2 ms, and without opening a database. */
export function hasGrown(layout: Layout, options: PruneOptions): boolean {
  return outgrown(bytesAtLeast(layout), limitsOf(options));
}

export function limitsOf({ limits, nowMs, target }: PruneOptions): PruneLimits {
  const { maxSize, highWatermark: high, lowWatermark: low, repositoryQuota: quota } = limits;
  return { maxSize, high, low, quota, nowMs, ...(target === undefined ? {} : { target }) };
}
