import type { WindowName } from '../llm/budget.ts';
import type { Notice } from '../types/run.ts';

/** What `usage` prints; its JSON is the contract of `schemas/usage.schema.json`. 1 USD = 10^10 ticks. */
export interface UsageReport {
  readonly schemaVersion: number;
  /** The local day that rows and total begin with, `2026-03-31`; null is all there is. */
  readonly since: string | null;
  readonly total: Sums;
  readonly byDay: readonly UsageRow[];
  readonly byRepository: readonly UsageRow[];
  readonly byModel: readonly UsageRow[];
  /** Of this machine, whatever `since` says. */
  readonly caps: Readonly<Record<WindowName, CapUse>>;
  readonly reservations: readonly Reservation[];
  readonly ledger: { readonly state: 'known' } | { readonly state: 'unknown'; readonly reason: string };
  /** Under `--accept-unknown`: whether there was anything to accept. */
  readonly accepted?: boolean;
  readonly notices: readonly Notice[];
}

export interface Sums {
  readonly requests: number;
  /** Settled; of it `estimatedTicks` were computed and not told by the server. */
  readonly ticks: number;
  readonly usd: number;
  readonly estimatedTicks: number;
  /** Worst case of what is not settled: running, or given up and counted as spent. */
  readonly openTicks: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export interface UsageRow extends Sums {
  /** A local day (`2026-03-31`), a repository's id, a model; null where it is not known any more. */
  readonly key: string | null;
  /** Of repositories; null where the repository is not stored any more. */
  readonly path?: string | null;
}

export interface CapUse {
  readonly capTicks: number;
  readonly capUsd: number;
  readonly spentTicks: number;
  readonly openTicks: number;
  readonly leftTicks: number;
  readonly leftUsd: number;
}

export interface Reservation {
  readonly requestId: string;
  readonly repository: string | null;
  readonly model: string | null;
  readonly ticks: number;
  readonly usd: number;
  readonly at: string;
  /** False: nobody settles it any more, and it counts as spent. */
  readonly running: boolean;
}
