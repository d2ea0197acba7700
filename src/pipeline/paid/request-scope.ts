import type { PackOptions } from '../../lens/pack.ts';
import type { Usage } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import type { SharedFactors } from '../question.ts';
import type { Redacted, RenderFrom } from './render.ts';

/** What the requests of one repository share. */
export interface RequestScope extends RenderFrom {
  readonly repository: string;
  readonly untrusted: boolean;
  readonly shared: SharedFactors;
  readonly packing: PackOptions;
  /** When the plan was made, milliseconds since the epoch: answers stored since then are another process's. */
  readonly plannedMs: number;
  /** Aborted: nothing new is sent; what is under way is waited for, since it is paid for. */
  readonly signal: AbortSignal;
  readonly totals: RunTotals;
  /** No further request is made, and this is why. */
  readonly stop: (notice: Notice) => void;
  /** What the run waits for, for the person who waits with it. */
  readonly onWait: (note: string) => void;
}

/** What sending takes of it. */
export type SendScope = Omit<RequestScope, keyof RenderFrom | 'packing'>;

/** Sums of a run, filled as requests end. */
export interface RunTotals {
  readonly paidKeys: Set<string>;
  readonly paidFiles: Set<string>;
  readonly failedKeys: Set<string>;
  readonly redacted: Redacted[];
  readonly notices: Notice[];
  /** Findings without a place in the code, and answers about nothing that was asked: both are left out. */
  unanchored: number;
  discarded: number;
  requests: number;
  ticks: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  estimated: boolean;
  /** Requests that came to nothing, and what the last of them met. */
  failures: number;
  lastFailure: string;
  /** Answers in a row that were cut at their limit. */
  cutInRow: number;
  /** No further request is to be made, for a reason that stands among the notices. */
  stopped: boolean;
}

export function newTotals(): RunTotals {
  return {
    paidKeys: new Set(),
    paidFiles: new Set(),
    failedKeys: new Set(),
    redacted: [],
    notices: [],
    unanchored: 0,
    discarded: 0,
    requests: 0,
    ticks: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    estimated: false,
    failures: 0,
    lastFailure: '',
    cutInRow: 0,
    stopped: false,
  };
}

/** Adds what the user should hear, each thing once however many requests say it. */
export function notice(totals: RunTotals, said: Notice): void {
  if (!totals.notices.some(({ code, message }) => code === said.code && message === said.message)) {
    totals.notices.push(said);
  }
}

/** Counts a request that came to nothing. */
export function addFailure(totals: RunTotals, message: string): void {
  totals.failures += 1;
  totals.lastFailure = message;
}

/** Counts what one request cost. */
export function addUsage(totals: RunTotals, usage: Usage): void {
  totals.ticks += usage.ticks;
  totals.inputTokens += usage.inputTokens;
  totals.cachedTokens += usage.cachedTokens;
  totals.outputTokens += usage.outputTokens;
  totals.estimated ||= usage.estimated;
}
