import type { PackOptions } from '../lens/pack.ts';
import type { Notice, Usage } from '../types.ts';
import type { SharedFactors } from './question.ts';
import type { Redacted, RenderFrom } from './render.ts';

/** What the requests of one repository share. */
export interface Errand extends RenderFrom {
  readonly repository: string;
  readonly untrusted: boolean;
  readonly shared: SharedFactors;
  readonly packing: PackOptions;
  /** When the plan was made, milliseconds since the epoch: answers stored since then are another process's. */
  readonly plannedMs: number;
  /** Aborted: nothing new is sent; what is under way is waited for, since it is paid for. */
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** No further request is made, and this is why. */
  readonly stop: (notice: Notice) => void;
  /** What the run waits for, for the person who waits with it. */
  readonly onWait: (note: string) => void;
}

/** Sums of a run, filled as requests end. */
export interface Tally {
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
}

export function newTally(): Tally {
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
  };
}

/** Adds what the user should hear, each thing once however many requests say it. */
export function notice(tally: Tally, said: Notice): void {
  if (!tally.notices.some(({ code, message }) => code === said.code && message === said.message)) {
    tally.notices.push(said);
  }
}

/** Counts a request that came to nothing. */
export function addFailure(tally: Tally, message: string): void {
  tally.failures += 1;
  tally.lastFailure = message;
}

/** Counts what one request cost. */
export function addUsage(tally: Tally, usage: Usage): void {
  tally.ticks += usage.ticks;
  tally.inputTokens += usage.inputTokens;
  tally.cachedTokens += usage.cachedTokens;
  tally.outputTokens += usage.outputTokens;
  tally.estimated ||= usage.estimated;
}
