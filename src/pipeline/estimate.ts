import { completionExpected } from '../lens/pack.ts';
import type { Pack } from '../lens/pack.ts';
import { ticksOfTokens, worstCaseTicks } from '../llm/budget.ts';
import { estimateTokens } from '../llm/tokens.ts';
import type { Price } from '../types.ts';

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
