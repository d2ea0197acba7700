import type { PruneLimits, PrunePlan, PruneReason } from '../cache/eviction.ts';
import { outgrown, planPrune } from '../cache/eviction.ts';
import type { FootprintKind } from '../store/footprint.ts';
import { footprint } from '../store/footprint.ts';
import { openGlobal } from '../store/global.ts';
import type { Layout } from '../store/layout.ts';
import type { Notice } from '../types.ts';
import { applyPlan } from './prune-apply.ts';
import { gather } from './prune-gather.ts';

/** As configured under `[cache]`. */
export interface CacheLimits {
  /** Bytes. */
  readonly maxSize: number;
  /** Shares of `maxSize`. */
  readonly highWatermark: number;
  readonly lowWatermark: number;
  readonly repositoryQuota: number;
}

export interface PruneOptions {
  readonly limits: CacheLimits;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** `grown`: only where the high watermark is passed, as after each command. `asked`: look in any case. */
  readonly when: 'grown' | 'asked';
  /** `--to`, bytes. */
  readonly target?: number;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface CacheBytes {
  readonly total: number;
  readonly max: number;
  readonly byKind: Readonly<Record<FootprintKind, number>>;
}

export interface PruneReport {
  /** `nothing`: no reason to prune; `busy`: another process prunes; `planned`: a dry run. */
  readonly status: 'nothing' | 'busy' | 'planned' | 'pruned';
  /** As the disk holds them, at the end. */
  readonly bytes: CacheBytes;
  /** Bytes at the start; equal to `bytes.total` where nothing was removed. */
  readonly before: number;
  /** What goes, or went, in its order; null where nothing was looked at. */
  readonly plan: PrunePlan | null;
  readonly notices: readonly Notice[];
}

/** Rows scattered over pages free less than they weigh: then it is planned again from what is left. */
const ROUNDS = 3;

/**
 * Brings the cache down to its size: measures, decides (`planPrune`), applies. One process at a time, fit for
 * cron. Where nothing is to be done it opens no database.
 */
export async function prune(layout: Layout, options: PruneOptions): Promise<PruneReport> {
  const limits = limitsOf(options);
  const start = footprint(layout);
  const bytes = { total: start.total, max: limits.maxSize, byKind: start.byKind };
  const idle = { bytes, before: start.total, plan: null, notices: [] };
  if (options.when === 'grown' && !outgrown(start.total, limits)) return { status: 'nothing', ...idle };
  if (options.dryRun === true) {
    const gathered = await gather(layout, start);
    const plan = planPrune(gathered.entries, start.total, limits);
    return { ...idle, status: 'planned', plan, notices: gathered.notices };
  }
  const global = await openGlobal(layout);
  try {
    const lease = global.takeLease('prune', options.nowMs);
    if (lease === null) return { status: 'busy', ...idle };
    try {
      return await pruneHolding(layout, limits, options.signal ?? new AbortController().signal);
    } finally {
      lease.release();
    }
  } finally {
    global.close();
  }
}

async function pruneHolding(layout: Layout, limits: PruneLimits, signal: AbortSignal): Promise<PruneReport> {
  let now = footprint(layout);
  const before = now.total;
  const notices: Notice[] = [];
  let first: PrunePlan | null = null;
  for (let round = 0; round < ROUNDS && !signal.aborted; round += 1) {
    const gathered = await gather(layout, now);
    notices.push(...gathered.notices);
    // Once begun it goes down to the target, also where the first round already passed below the watermark.
    const plan = planPrune(
      gathered.entries,
      now.total,
      first === null ? limits : { ...limits, target: first.target },
    );
    first ??= plan;
    if (plan.evictions.length === 0) break;
    await applyPlan(layout, plan, gathered, signal);
    now = footprint(layout);
    if (now.total <= first.target) break;
  }
  const bytes = { total: now.total, max: limits.maxSize, byKind: now.byKind };
  const status = first === null || first.evictions.length === 0 ? 'nothing' : 'pruned';
  return { status, bytes, before, plan: first, notices };
}

function limitsOf({ limits, nowMs, target }: PruneOptions): PruneLimits {
  const { maxSize, highWatermark: high, lowWatermark: low, repositoryQuota: quota } = limits;
  return { maxSize, high, low, quota, nowMs, ...(target === undefined ? {} : { target }) };
}

/** What a plan removes, by reason, for the reader: entries and bytes. */
export function planTotals({ evictions }: PrunePlan): Map<PruneReason, { entries: number; bytes: number }> {
  const totals = new Map<PruneReason, { entries: number; bytes: number }>();
  for (const { entry, reason } of evictions) {
    const { entries, bytes } = totals.get(reason) ?? { entries: 0, bytes: 0 };
    totals.set(reason, { entries: entries + 1, bytes: bytes + entry.bytes });
  }
  return totals;
}
