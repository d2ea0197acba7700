import type { Notice } from '../types.ts';
import type { OpenRepository } from './repository.ts';
import type { Bought } from './summary.ts';
import type { Synced } from './sync.ts';

/** The paid side of an analysis: plans, buys, merges. Opened once a run. */
export interface Reviewer {
  readonly provider: string;
  readonly model: string;
  review(repository: OpenRepository, synced: Synced, startedMs: number): Promise<Reviewed>;
  close(): Promise<void>;
}

export interface Reviewed extends Bought {
  readonly notices: readonly Notice[];
  /** Files whose stored facts cannot be trusted. */
  readonly lost: readonly string[];
}
