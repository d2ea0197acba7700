import type { PruneLimits, PrunePlan, PruneReason } from '../../cache/eviction.ts';
import { outgrown, planPrune } from '../../cache/eviction.ts';
import type { Footprint } from '../../store/footprint.ts';
import type { CacheBytes, CachePruneReport, PruneStep } from '../../report/cache-model.ts';
import { footprint } from '../../store/footprint.ts';
import type { Layout } from '../../store/layout.ts';
import type { Notice } from '../../types/run.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { applyPlan } from './prune-apply.ts';
import { gather } from './prune-gather.ts';
import { takeLease } from '../lease.ts';
import { limitsOf } from './limits.ts';
import type { PruneOptions } from './limits.ts';

/** Brings the cache down to its size: measures, decides (`planPrune`), applies. One process at a time, fit for cron. */
export async function prune(layout: Layout, options: PruneOptions): Promise<CachePruneReport> {
  const limits = limitsOf(options);
  // Before anything of this command's own is made, so that a dry run and the run after it see the same.
  const start = footprint(layout);
  const idle: CachePruneReport = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    status: 'busy',
    bytes: bytesOf(start, limits),
    before: start.total,
    plan: null,
    notices: [],
  };
  if (options.dryRun === true) {
    const gathered = await gather(layout, start);
    const plan = planPrune(gathered.entries, start.total, limits);
    return { ...idle, status: 'planned', plan: printed(plan), notices: gathered.notices };
  }
  const lease = await takeLease(layout, 'prune', options.nowMs);
  if (lease === null) return idle;
  const signal = options.signal ?? new AbortController().signal;
  // Measured after the release: until then there is a log beside the shared tables.
  const { plan, notices } = await planAndApply(layout, limits, start, signal).finally(() => lease.release());
  const status = plan.evictions.length === 0 ? 'nothing' : 'pruned';
  return { ...idle, status, bytes: bytesOf(footprint(layout), limits), plan: printed(plan), notices };
}

async function planAndApply(layout: Layout, limits: PruneLimits, start: Footprint, signal: AbortSignal) {
  const notices: Notice[] = [];
  const gathered = await gather(layout, start);
  notices.push(...gathered.notices);
  const plan = planPrune(gathered.entries, start.total, limits);
  if (plan.evictions.length > 0) await applyPlan(layout, plan, gathered, signal);
  const now = footprint(layout);
  if (outgrown(start.total, limits) && now.total > plan.target && !signal.aborted) {
    // Rows scattered over pages free less than they weigh: once more, from what is left. Not paid answers: the
    // file may only be waiting for a reader to let go of it.
    const left = await gather(layout, now);
    const recreatable = left.entries.filter(({ cost }) => cost === null);
    await applyPlan(
      layout,
      planPrune(recreatable, now.total, { ...limits, target: plan.target }),
      left,
      signal,
    );
  }
  return { plan, notices };
}

function bytesOf({ total, byKind }: Footprint, { maxSize }: PruneLimits): CacheBytes {
  return { total, max: maxSize, byKind };
}

/** A plan with its entries summed by reason, in the order in which they go. */
function printed({ target, freed, reached, evictions }: PrunePlan): CachePruneReport['plan'] {
  const sums = new Map<PruneReason, PruneStep>();
  for (const { entry, reason } of evictions) {
    const { entries, bytes } = sums.get(reason) ?? { entries: 0, bytes: 0 };
    sums.set(reason, { reason, entries: entries + 1, bytes: bytes + entry.bytes });
  }
  return { target, freed, reached, byReason: [...sums.values()] };
}
