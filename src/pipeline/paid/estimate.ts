import { completionCap, completionExpected } from '../../lens/pack.ts';
import type { Pack } from '../../lens/pack.ts';
import { ticksOfTokens, worstCaseTicks } from '../../llm/budget.ts';
import { BYTES_PER_TOKEN, estimateTokens } from '../../llm/tokens.ts';
import type { Price } from '../../types/answer.ts';

/** What every request carries beside its items, UTF-8 bytes: the instructions and the answer's schema. */
export interface Overhead {
  readonly promptBytes: number;
}

/** What a request is likely to cost, ticks; the fixed prompt counts as cached from the second request on. */
export function expectedTicks(pack: Pack, { promptBytes }: Overhead, price: Price): number {
  const input = ticksOfTokens(pack.tokens, price.input);
  const prompt = ticksOfTokens(estimateTokens(promptBytes), price.cachedInput);
  return Math.ceil(input + prompt + ticksOfTokens(completionExpected(pack.completionCap), price.output));
}

/** The most that it can cost, ticks: what will be reserved for it. */
export function worstTicks(pack: Pack, { promptBytes }: Overhead, price: Price): number {
  return worstCaseTicks({ bytes: pack.bytes + promptBytes, maxCompletionTokens: pack.completionCap, price });
}

/** Below this a request is mostly its own instructions. */
const LEAST_REQUEST_TOKENS = 1000;
/** So many requests are to fit the smallest cap at their worst case: several run at once. */
const REQUESTS_PER_CAP = 4;

/**
 * How large requests may be, tokens of items: as set, but smaller where a small budget would else buy none.
 * `cap`: the smallest one, ticks.
 */
export function affordableTokens(
  asked: number,
  cap: number,
  price: Price,
  { promptBytes, effort }: Overhead & { readonly effort: string },
): number {
  const worst = (tokens: number, units: number): number =>
    worstCaseTicks({
      bytes: promptBytes + tokens * BYTES_PER_TOKEN,
      maxCompletionTokens: completionCap(units, tokens, effort),
      price,
    });
  const empty = worst(0, 1);
  const full = worst(asked, asked / UNIT_TOKENS);
  if (full <= empty) return asked;
  const share = (cap / REQUESTS_PER_CAP - empty) / (full - empty);
  return Math.round(Math.min(asked, Math.max(LEAST_REQUEST_TOKENS, asked * share)));
}

/** Of an item with its context, on average; measured on public crates. */
const UNIT_TOKENS = 300;
