import type { ChatRequest } from '../../src/llm/attempt.ts';
import type { ClientOptions } from '../../src/llm/client.ts';
import { openClient } from '../../src/llm/client.ts';
import { worstCaseTicks } from '../../src/llm/budget.ts';
import { requestBytes } from '../../src/llm/request.ts';
import type { Price } from '../../src/types/answer.ts';

/** Looks like a real key; nothing that the client gives back may contain it. */
export const CANARY = 'xai-CANARY7f3KpQ9zL2mN8vB4xR6tY1wE5uI0oP3aS';

const PRICE: Price = { input: 1.25, cachedInput: 0.2, output: 2.5, source: 'catalogue' };

/** A review request over items whose texts are given. */
export function reviewRequest(texts: readonly string[], changes: Partial<ChatRequest> = {}): ChatRequest {
  const items = texts.map((text, index) => `<item id="${index + 1}">\n${text}\n</item>\n`);
  const request = {
    messages: [
      { role: 'system', content: 'You review Rust code.' },
      { role: 'user', content: items.join('') },
    ],
    schema: { name: 'review', schema: { type: 'object' } },
    maxCompletionTokens: 2_000,
    reasoningEffort: null,
    conversation: null,
    price: PRICE,
    reservedTicks: 0,
    ...changes,
  } as const;
  const reservedTicks = worstCaseTicks({ ...request, bytes: requestBytes(request) });
  return { ...request, reservedTicks, ...changes };
}

export const UNWRAPS = 'fn read(path: &str) -> String {\n    std::fs::read_to_string(path).unwrap()\n}';

/** One attempt with a client of its own. */
export async function attemptOnce(
  baseUrl: string,
  options: Partial<ClientOptions> = {},
  request: ChatRequest = reviewRequest([UNWRAPS]),
  signal: AbortSignal = new AbortController().signal,
) {
  const client = await openClient({ baseUrl, key: CANARY, model: 'grok-4.3', now: Date.now, ...options });
  try {
    return await client.attempt(request, signal);
  } finally {
    await client.close();
  }
}
