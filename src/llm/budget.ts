import { TICKS_PER_USD } from '../types/answer.ts';
import type { Price } from '../types/answer.ts';
import { tokenBound } from './tokens.ts';

export const CAP_NAMES = ['run', 'day', 'week', 'month'] as const;
export type CapName = (typeof CAP_NAMES)[number];

/** The caps that go by the calendar: the local one's; weeks are ISO weeks and begin on Monday. */
export const WINDOW_NAMES = ['day', 'week', 'month'] as const;
export type WindowName = (typeof WINDOW_NAMES)[number];

/** A number for each cap: ticks where nothing else is said. */
export type Amounts = Readonly<Record<CapName, number>>;
export type Windows = Readonly<Record<WindowName, number>>;

export const NO_AMOUNTS: Amounts = { run: 0, day: 0, week: 0, month: 0 };

/** So much of each cap: what is spent counts for all of them. */
export function everywhere(ticks: number): Amounts {
  return { run: ticks, day: ticks, week: ticks, month: ticks };
}

/** Both together, cap by cap. */
export function sum(a: Amounts, b: Amounts): Amounts {
  return { run: a.run + b.run, day: a.day + b.day, week: a.week + b.week, month: a.month + b.month };
}

export interface BudgetState {
  readonly caps: Amounts;
  /** What is known to be spent, with the reservations nobody can settle any more (a process that died). */
  readonly spent: Amounts;
  /** Reservations of requests that are still running: they settle at their true cost, or less. */
  readonly open: Amounts;
  /** Worst case of the request in question, ticks. */
  readonly reservation: number;
}

export type BudgetDecision =
  | { readonly kind: 'reserve' }
  /** It does not fit now; it may once a running request has settled below its worst case. */
  | { readonly kind: 'wait' }
  /** It does not fit, whatever the running ones cost. `left` is what that cap still holds, ticks. */
  | { readonly kind: 'stop'; readonly cap: CapName; readonly left: number };

/** May a request be made? Pure; the ledger asks it inside the transaction that would reserve. */
export function decide({ caps, spent, open, reservation }: BudgetState): BudgetDecision {
  const over = CAP_NAMES.filter((cap) => spent[cap] + open[cap] + reservation > caps[cap]);
  if (over.length === 0) return { kind: 'reserve' };
  const never = over.filter((cap) => spent[cap] + reservation > caps[cap]);
  if (never.length === 0) return { kind: 'wait' };
  const left = (cap: CapName) => Math.max(0, caps[cap] - spent[cap]);
  const cap = never.reduce((tightest, other) => (left(other) < left(tightest) ? other : tightest));
  return { kind: 'stop', cap, left: left(cap) };
}

/** Whole ticks of a USD amount; a cap is rounded down. */
export function ticksOfUsd(usd: number): number {
  return Math.floor(usd * TICKS_PER_USD + 1e-3);
}

/** Ticks of so many tokens at USD per million. A price is a whole number of ticks per million tokens. */
export function ticksOfTokens(tokens: number, usdPerMillion: number): number {
  return tokens * (Math.round(usdPerMillion * TICKS_PER_USD) / 1e6);
}

/** Ticks rounded up; what floating point leaves behind a whole number is no tick. */
export function wholeTicks(ticks: number): number {
  return Math.max(0, Math.ceil(ticks - 1e-6));
}

/**
 * The most a request can cost, ticks: every byte sent a token, nothing cached, the completion cap used
 * up. The cap must be one that the server counts reasoning under.
 */
export function worstCaseTicks(request: {
  readonly bytes: number;
  readonly maxCompletionTokens: number;
  readonly price: Price;
}): number {
  const { bytes, maxCompletionTokens, price } = request;
  const input = ticksOfTokens(tokenBound(bytes), Math.max(price.input, price.cachedInput));
  return wholeTicks(input + ticksOfTokens(maxCompletionTokens, price.output));
}
