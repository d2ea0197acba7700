import type { UsageStyle } from './behaviour.ts';

/** USD per million tokens. */
export interface ServerPrice {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

/** What one request costs by the server's own count, which shares nothing with the client's. */
export interface Bill {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly ticks: number;
}

/** Tokens by the server's rule of thumb. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.6);
}

export function billOf(
  price: ServerPrice,
  inputTokens: number,
  cachedTokens: number,
  outputTokens: number,
): Bill {
  // 1 USD = 10^10 ticks, so 1 USD per million tokens is 10^4 ticks per token.
  const ticks =
    (inputTokens - cachedTokens) * Math.round(price.input * 1e4) +
    cachedTokens * Math.round(price.cachedInput * 1e4) +
    outputTokens * Math.round(price.output * 1e4);
  return { inputTokens, cachedTokens, outputTokens, ticks };
}

/** The `usage` object in one of the manners that servers have; null where the server sends none. */
export function usageObject(bill: Bill, style: UsageStyle): Record<string, unknown> | null {
  const { inputTokens, cachedTokens, outputTokens, ticks } = bill;
  const reasoning = Math.floor(outputTokens / 2);
  const tokens = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
  const details = { completion_tokens_details: { reasoning_tokens: reasoning } };
  switch (style) {
    case 'xai':
      return { ...tokens, cost_in_usd_ticks: ticks };
    case 'llama':
      return tokens;
    case 'none':
      return null;
    case 'reasoning-inside':
      return { ...tokens, ...details };
    case 'reasoning-outside':
      return { ...tokens, ...details, completion_tokens: outputTokens - reasoning };
    case 'reasoning-unclear':
      return { ...tokens, ...details, total_tokens: 1 };
    case 'cached-above-prompt':
      return { ...tokens, prompt_tokens_details: { cached_tokens: inputTokens + 1 } };
    case 'negative':
      return { ...tokens, completion_tokens: -1 };
    default:
      return style satisfies never;
  }
}
