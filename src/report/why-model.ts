import type { Notice } from '../types/run.ts';
import type { ItemKind } from '../types/syntax.ts';
import type { WhyMissing } from './plan-model.ts';

/** What `cache why` prints; its JSON is the contract of `schemas/why.schema.json`. */
export interface WhyReport {
  readonly schemaVersion: number;
  readonly root: string;
  readonly path: string;
  readonly contentHash: string | null;
  /** Who is asked; null where nobody is, and `off` says why. */
  readonly asked: { readonly provider: string; readonly model: string; readonly host: string } | null;
  readonly off: string | null;
  readonly local: LocalState;
  readonly items: readonly WhyItem[];
  readonly notices: readonly Notice[];
}

/** What the next run does with the file's parse and its local findings. */
export type LocalState =
  /** They stand as they are stored; `touched`: the file was written with the same content. */
  | { readonly state: 'unchanged' | 'touched' }
  | { readonly state: 'parse'; readonly reasons: readonly LocalDifference[] }
  | { readonly state: 'skipped' | 'failed'; readonly reason: string };

export interface LocalDifference {
  readonly factor: 'file' | 'content' | 'role' | 'rules' | 'version' | 'stored';
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface WhyItem {
  readonly item: string;
  readonly kind: ItemKind;
  readonly startLine: number;
  /** `review`, `safety`, `verify`: an item has one entry for each question that is asked about it; null where none is. */
  readonly question: string | null;
  /** `local`: measured here, not sent, and `reason` says why. */
  readonly state: 'stored' | 'reused' | 'missing' | 'failed' | 'local';
  readonly why?: WhyMissing;
  readonly reason?: 'test' | 'generated' | 'provider';
}
