import type { Price } from '../types/answer.ts';

import type { Exchange } from './exchange.ts';
import { readAll } from './exchange.ts';

/** What a server tells of a model; null where it does not. */
export interface ModelInfo {
  readonly price: Price | null;
  readonly contextTokens: number | null;
}

/** A failed look-up: `again` where the server may answer the next time. */
class LookupError extends Error {
  override readonly name = 'LookupError';
  readonly again: boolean;
  constructor(message: string, again: boolean) {
    super(message);
    this.again = again;
  }
}

/**
 * Asks `GET /models/{id}`, else the list `GET /models` that every compatible server has. Free and
 * without effect, so p-retry may repeat it. Null where the server tells nothing.
 */
export async function fetchModelInfo(
  baseUrl: string,
  id: string,
  exchange: () => Exchange,
): Promise<ModelInfo | null> {
  const { default: pRetry } = await import('p-retry');
  const get = (path: string) =>
    pRetry(() => getJson(`${baseUrl.replace(/\/+$/, '')}${path}`, exchange()), {
      retries: 2,
      minTimeout: 200,
      maxTimeout: 1_000,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof LookupError && error.again,
    });
  try {
    const own = await get(`/models/${encodeURIComponent(id)}`).catch(unlessUnreachable);
    return readModel(own) ?? readList(await get('/models'), id);
  } catch (error) {
    if (error instanceof LookupError) return null;
    throw error;
  }
}

/** A server that answered, only not this: the list may tell. */
function unlessUnreachable(error: unknown): null {
  if (error instanceof LookupError && !error.again) return null;
  throw error;
}

async function getJson(url: string, exchange: Exchange): Promise<unknown> {
  try {
    const response = await exchange.fetch(url, { method: 'GET' });
    if (!response.ok) throw new LookupError(`HTTP ${response.status}`, response.status >= 500);
    return JSON.parse(await readAll(exchange.chunks(response)));
  } catch (error) {
    if (error instanceof LookupError) throw error;
    throw new LookupError('no answer', exchange.stopped() === null && !(error instanceof SyntaxError));
  } finally {
    exchange.close();
  }
}

function readList(value: unknown, id: string): ModelInfo | null {
  const data = record(value)?.['data'];
  return Array.isArray(data) ? readModel(data.find((each) => record(each)?.['id'] === id)) : null;
}

/** xAI's fields for prices, llama.cpp's and vLLM's for the context. */
function readModel(value: unknown): ModelInfo | null {
  const model = record(value);
  if (model === null || typeof model['id'] !== 'string') return null;
  const context =
    model['context_length'] ?? model['max_model_len'] ?? record(model['meta'])?.['n_ctx'] ?? null;
  return {
    price: readPrice(model),
    contextTokens: typeof context === 'number' && context > 0 ? context : null,
  };
}

/** 20000 is $2.00 per million tokens. A model that costs nothing at all is one that does not tell. */
function readPrice(model: Record<string, unknown>): Price | null {
  const input = usdPerMillion(model['prompt_text_token_price']);
  const output = usdPerMillion(model['completion_text_token_price']);
  if (input === null || output === null || (input === 0 && output === 0)) return null;
  const cachedInput = usdPerMillion(model['cached_prompt_text_token_price']) ?? input;
  return { input, cachedInput, output, source: 'api' };
}

function usdPerMillion(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value / 10_000 : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
