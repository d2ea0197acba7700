import type { Price, Usage } from '../types/answer.ts';
import { ticksAsDollars } from '../util/numbers.ts';
import { ticksOfTokens, wholeTicks } from './budget.ts';
import { estimateTokens } from './tokens.ts';

/** Something in a bill that does not fit; said once per model and kind. */
export interface UsageWarning {
  readonly kind:
    | 'usage-missing'
    | 'cached-exceeds-prompt'
    | 'reasoning-unclear'
    | 'cost-differs'
    | 'cost-above-price'
    | 'cost-above-reservation';
  readonly message: string;
}

export interface UsageContext {
  readonly price: Price;
  /** Ticks reserved for the request: what an untold bill is taken to be. */
  readonly reservedTicks: number;
  /** UTF-8 bytes sent and received, from which untold tokens are estimated. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface UsageReading {
  readonly usage: Usage;
  readonly warnings: readonly UsageWarning[];
}

/** Computed and billed cost may differ by this much before it is said: rounding, and prices that moved. */
const TOLERANCE = 0.02;

/**
 * Reads the `usage` object of an answer. `cost_in_usd_ticks` is the truth where present; otherwise the
 * cost is computed from tokens and marked estimated (a free model's is known to be nothing). Cached
 * tokens are inside the prompt's. Reasoning tokens are inside or beside the completion's, which
 * `total_tokens` decides per answer; where it does not, the dearer reading holds. An answer without
 * usage costs what was reserved for it.
 */
export function readUsage(raw: unknown, context: UsageContext): UsageReading {
  const told = record(raw);
  const prompt = count(told?.['prompt_tokens']);
  const completion = count(told?.['completion_tokens']);
  if (told === null || prompt === null || completion === null) return missing(told, context);

  const warnings: UsageWarning[] = [];
  const cached = cachedTokens(told, prompt, warnings);
  const output = outputTokens(told, prompt, completion, warnings);
  const computed = wholeTicks(costOf(context.price, prompt, cached, output));
  const ticks = count(told['cost_in_usd_ticks']);
  if (ticks !== null) warnings.push(...compareCost(ticks, computed, context, prompt, output));
  const usage: Usage = {
    ticks: ticks ?? computed,
    estimated: ticks === null && !isFree(context.price),
    inputTokens: prompt,
    cachedTokens: cached,
    outputTokens: output,
  };
  return { usage, warnings: [...warnings, ...aboveReservation(usage.ticks, context)] };
}

function missing(told: Record<string, unknown> | null, context: UsageContext): UsageReading {
  const ticks = count(told?.['cost_in_usd_ticks']);
  const usage: Usage = {
    ticks: ticks ?? context.reservedTicks,
    estimated: ticks === null && !isFree(context.price),
    inputTokens: estimateTokens(context.sentBytes),
    cachedTokens: 0,
    outputTokens: estimateTokens(context.receivedBytes),
  };
  const message = 'the answer tells no token counts: they are estimated, its cost is taken as reserved';
  return { usage, warnings: [{ kind: 'usage-missing', message }] };
}

function cachedTokens(told: Record<string, unknown>, prompt: number, warnings: UsageWarning[]): number {
  const cached = count(record(told['prompt_tokens_details'])?.['cached_tokens']) ?? 0;
  if (cached <= prompt) return cached;
  const message = `${cached} cached of ${prompt} prompt tokens: taken as none cached`;
  warnings.push({ kind: 'cached-exceeds-prompt', message });
  return 0;
}

function outputTokens(
  told: Record<string, unknown>,
  prompt: number,
  completion: number,
  warnings: UsageWarning[],
): number {
  const reasoning = count(record(told['completion_tokens_details'])?.['reasoning_tokens']) ?? 0;
  if (reasoning === 0) return completion;
  const total = count(told['total_tokens']);
  if (total === prompt + completion + reasoning) return completion + reasoning;
  if (total === prompt + completion && reasoning <= completion) return completion;
  const message = `${prompt} prompt, ${completion} completion and ${reasoning} reasoning tokens do not make a total of ${total ?? 'nothing'}: the dearer reading holds`;
  warnings.push({ kind: 'reasoning-unclear', message });
  return completion + reasoning;
}

function compareCost(
  ticks: number,
  computed: number,
  context: UsageContext,
  prompt: number,
  output: number,
): UsageWarning[] {
  const warnings: UsageWarning[] = [];
  if (Math.abs(computed - ticks) > TOLERANCE * Math.max(computed, ticks)) {
    const message = `billed ${ticksAsDollars(ticks)}, ${ticksAsDollars(computed)} by the price known here`;
    warnings.push({ kind: 'cost-differs', message });
  }
  const uncached = wholeTicks(costOf(context.price, prompt, 0, output));
  if (ticks > uncached * (1 + TOLERANCE)) {
    const message = `billed ${ticksAsDollars(ticks)}, above the uncached price of ${ticksAsDollars(uncached)}`;
    warnings.push({ kind: 'cost-above-price', message });
  }
  return warnings;
}

function aboveReservation(ticks: number, context: UsageContext): UsageWarning[] {
  if (ticks <= context.reservedTicks) return [];
  const message = `billed ${ticksAsDollars(ticks)}, ${ticksAsDollars(context.reservedTicks)} were reserved as the worst case`;
  return [{ kind: 'cost-above-reservation', message }];
}

function costOf(price: Price, prompt: number, cached: number, output: number): number {
  return (
    ticksOfTokens(prompt - cached, price.input) +
    ticksOfTokens(cached, price.cachedInput) +
    ticksOfTokens(output, price.output)
  );
}

function isFree(price: Price): boolean {
  return price.input === 0 && price.cachedInput === 0 && price.output === 0;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
