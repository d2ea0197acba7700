import type { CapName } from '../llm/budget.ts';
import type { Price } from '../types/answer.ts';
import type { Notice } from '../types/run.ts';

/** What `analyze --dry-run` prints; its JSON is the contract of `schemas/plan.schema.json`. Null means unknown. */
export interface PlanReport {
  readonly schemaVersion: number;
  readonly tool: { readonly name: string; readonly version: string };
  readonly dryRun: true;
  /** `local`, `xai` or `openai-compatible`. */
  readonly provider: string;
  readonly model: string | null;
  readonly host: string | null;
  /** Where the key would come from; null where there is none. */
  readonly key: string | null;
  /** Why no model is asked; null where one is. */
  readonly off: string | null;
  readonly price: Price | null;
  readonly repositories: readonly RepositoryPlanReport[];
  /** What the ledger of this machine leaves of each cap; null where no model is asked. */
  readonly left: Left | null;
  /** Why it is not known what was spent; null where it is. */
  readonly ledgerUnknown: string | null;
  readonly notices: readonly Notice[];
}

/** Money that may not be known. */
export interface Cost {
  readonly ticks: number | null;
  readonly usd: number | null;
}

export interface CapLeft {
  readonly capUsd: number;
  readonly leftTicks: number;
  readonly leftUsd: number;
}

export type Left = Readonly<Record<CapName, CapLeft>>;

export interface RepositoryPlanReport {
  readonly id: string;
  readonly path: string;
  readonly commit: string | null;
  /** As it is sent; null where it is not. */
  readonly reasoningEffort: string | null;
  /** What is missing, by the order in which it is bought; rows without items are left out. */
  readonly rows: readonly PlanRowReport[];
  /** The same by question; a second look at findings that are not bought yet is not among them. */
  readonly questions: readonly QuestionReport[];
  /** Of one finding that is still to be bought and turns out grave; null where no second look would follow. */
  readonly secondLook: Cost | null;
  readonly toSend: ToSend;
  /** Answered already. */
  readonly stored: { readonly files: number; readonly items: number };
  /** Cut or of no use the last time: asked again with `--retry-failed` alone. */
  readonly failed: { readonly items: number };
  /** Measured here and never sent; `files` counts those of which nothing is sent. */
  readonly localOnly: {
    readonly files: number;
    readonly items: number;
    readonly why: readonly LocalReason[];
  };
  readonly worstCase: Cost;
  /** What one run would buy now, within caps and the day's portion; null where nothing is known of money. */
  readonly thisRun: ThisRun | null;
  readonly redacted: readonly RedactedSecret[];
  /** With `--why`. */
  readonly missing?: readonly MissingItem[];
}

export type LocalReason = 'tests' | 'generated' | 'provider';

export interface PlanRowReport extends Cost {
  readonly name: 'critical' | 'changed' | 'normal' | 'low';
  readonly files: number;
  readonly items: number;
  /** Estimated input tokens, a share of the instructions included. */
  readonly tokens: number;
}

export interface QuestionReport extends Cost {
  /** `review`, `safety`, `verify`. */
  readonly name: string;
  readonly items: number;
  readonly requests: number;
}

export interface ToSend extends Cost {
  readonly files: number;
  readonly items: number;
  /** Items equal to one that is sent: they get its answer. */
  readonly equal: number;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Roughly: how fast the model answers is not known. */
  readonly seconds: number;
}

export interface ThisRun extends Cost {
  readonly requests: number;
  readonly items: number;
  /** What ends it before everything is bought. */
  readonly stoppedBy: CapName | 'portion' | null;
  /** The backlog's last day, `2026-03-31`, if nothing else is bought; null where unknown or beyond ten years. */
  readonly doneOn: string | null;
  readonly days: number | null;
}

export interface RedactedSecret {
  readonly kind: string;
  readonly path: string;
  readonly line: number;
}

export interface MissingItem {
  readonly path: string;
  readonly item: string;
  readonly kind: string;
  /** `review`, `safety`, `verify`. */
  readonly question: string;
  readonly why: WhyMissing;
}

/** Why an item has no answer that can be used. */
export type WhyMissing =
  /** Nothing comparable was ever stored. */
  | { readonly kind: 'new' }
  /** The nearest stored answer differs in these factors of the key. */
  | { readonly kind: 'factors'; readonly differs: readonly FactorDifference[] }
  /** It leans on another item of the file, which is not there any more. */
  | { readonly kind: 'cited' }
  /** It was cut, or of no use. */
  | { readonly kind: 'failed'; readonly status: string }
  /** Stored under the very key, but damaged, or bought by another repository under `--untrusted`. */
  | { readonly kind: 'unusable' };

export interface FactorDifference {
  readonly factor: string;
  readonly label: string;
  /** Null where the old value is not known any more. */
  readonly before: string | null;
  readonly after: string;
}
