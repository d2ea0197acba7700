import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';

import type { Attempt, ChatRequest } from './attempt.ts';
import type { Exchange, Timeouts } from './exchange.ts';
import { openExchange, readAll } from './exchange.ts';
import type { ModelInfo } from './models.ts';
import { fetchModelInfo } from './models.ts';
import { conclude } from './outcome.ts';
import type { Reply } from './reply.ts';
import { addBody, addEvent, emptyReply } from './reply.ts';
import { chatBody, chatHeaders } from './request.ts';
import { createScrub } from './scrub.ts';
import { sseData } from './sse.ts';
import type { Fetch, ProxySettings } from './transport.ts';
import { openTransport } from './transport.ts';

export interface ClientOptions {
  /** `https://api.x.ai/v1`. */
  readonly baseUrl: string;
  /** Null for a server that wants none. */
  readonly key: string | null;
  readonly model: string;
  readonly proxy?: ProxySettings;
  /** PEM certificates that are trusted beside the built-in ones. */
  readonly authorities?: readonly string[] | null;
  readonly timeouts?: Timeouts;
  /** Largest answer, bytes on the wire. */
  readonly maxBytes?: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In place of undici's, proxies included. */
  readonly fetch?: Fetch;
}

export interface LlmClient {
  /** One HTTP request. Resolves to what it came to, whatever happens. */
  attempt(request: ChatRequest, signal: AbortSignal): Promise<Attempt>;
  /** What the server tells of a model, without cost; null where it tells nothing. */
  modelInfo(id: string, signal: AbortSignal): Promise<ModelInfo | null>;
  close(): Promise<void>;
}

/** A model that reasons may be silent for long. */
const REMOTE_TIMEOUTS: Timeouts = { connectMs: 15_000, idleMs: 180_000, totalMs: 900_000 };
/** For plain http, which is how models at home are served: a small machine takes minutes to read a prompt. */
const LOCAL_TIMEOUTS: Timeouts = { connectMs: 5_000, idleMs: 900_000, totalMs: 3_600_000 };
const LOOKUP_TIMEOUTS: Timeouts = { connectMs: 5_000, idleMs: 10_000, totalMs: 10_000 };

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_TEXT = 4 * 1024 * 1024;

/** Opens the way to one model of one server. */
export async function openClient(options: ClientOptions): Promise<LlmClient> {
  const { baseUrl, key, model, now } = options;
  const { host, protocol } = new URL(baseUrl);
  const timeouts = options.timeouts ?? (protocol === 'https:' ? REMOTE_TIMEOUTS : LOCAL_TIMEOUTS);
  const transport =
    options.fetch === undefined
      ? await openTransport({ ...options, connectMs: timeouts.connectMs })
      : { fetch: options.fetch, close: async () => {} };
  const common = { fetch: transport.fetch, key, maxBytes: options.maxBytes ?? MAX_BYTES };
  const scrub = createScrub(key);

  return {
    attempt: async (request, signal) => {
      const reply = emptyReply();
      const headers = chatHeaders(request, baseUrl);
      const exchange = openExchange({ ...common, headers, timeouts, signal });
      const call = { request, exchange, reply, scrub, timeouts, model, host, now };
      try {
        await converse(exchange, reply, baseUrl, chatBody(request, model, baseUrl));
        return conclude(call, null);
      } catch (error) {
        return conclude(call, error);
      } finally {
        exchange.close();
      }
    },
    modelInfo: (id, signal) =>
      fetchModelInfo(baseUrl, id, () =>
        openExchange({ ...common, headers: {}, timeouts: LOOKUP_TIMEOUTS, signal }),
      ),
    close: () => transport.close(),
  };
}

/** Sends a request and fills the reply, as far as it comes. Throws what broke it off. */
async function converse(exchange: Exchange, reply: Reply, baseUrl: string, body: object): Promise<void> {
  const { default: OpenAI } = await import('openai');
  const sdk = new OpenAI({
    baseURL: baseUrl,
    fetch: exchange.fetch,
    maxRetries: 0,
    // The exchange holds the key and the clocks, and nothing may come from OPENAI_* variables.
    apiKey: 'held-by-the-exchange',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    timeout: 2 ** 31 - 1,
  });
  const response = await sdk.chat.completions
    .create(body as ChatCompletionCreateParamsStreaming)
    .asResponse();
  const chunks = exchange.chunks(response);
  if (!(response.headers.get('content-type') ?? '').includes('text/event-stream')) {
    // It was asked to stream, and did not.
    addBody(reply, await readAll(chunks));
    return;
  }
  for await (const data of sseData(chunks)) {
    addEvent(reply, data);
    if (reply.text.length > MAX_TEXT) throw new RangeError('the answer is too long, it was cut off');
    if (reply.complete) exchange.expectEnd();
  }
}
