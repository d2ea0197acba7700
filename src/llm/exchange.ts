import type { Fetch } from './transport.ts';

/** Milliseconds; `idleMs` is the longest silence, before and within an answer. */
export interface Timeouts {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** Why we ended an exchange ourselves. */
export type StopReason = 'cancelled' | 'idle' | 'total' | 'too-large';

export interface ExchangeOptions {
  readonly fetch: Fetch;
  readonly key: string | null;
  /** Sent beside those that every request needs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: Timeouts;
  /** Of the answer's body, decompressed. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** One HTTP request and its answer, under our clocks and limits. */
export interface Exchange {
  /** For the SDK: sends the request with our headers alone, follows no redirect. */
  readonly fetch: Fetch;
  /** Whether the request was handed to the network: before that nothing can be billed. */
  sent(): boolean;
  /** Set once we stopped it. */
  stopped(): StopReason | null;
  /** Status and headers, once they are there; `errorBody` where the status is no success. */
  answer(): { readonly status: number; readonly headers: Headers; readonly errorBody: string } | null;
  /** The body's bytes; ends with an exception when the exchange is stopped or the connection breaks. */
  chunks(response: Response): AsyncGenerator<Uint8Array>;
  /** The answer is whole: its end may still come, so that the connection can be used again, but soon. */
  expectEnd(): void;
  close(): void;
}

const LONGEST_ERROR_BODY = 64 * 1024;
const END_WITHIN_MS = 1_000;
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

export function openExchange(options: ExchangeOptions): Exchange {
  const { timeouts, signal } = options;
  const controller = new AbortController();
  let reason: StopReason | null = null;
  let idle: NodeJS.Timeout | undefined;
  let { idleMs } = timeouts;
  let sent = false;
  let finished = false;
  let head: ReturnType<Exchange['answer']> = null;

  const stop = (why: StopReason) => {
    reason ??= why;
    controller.abort();
  };
  const cancel = () => stop('cancelled');
  const heard = () => {
    clearTimeout(idle);
    idle = setTimeout(() => stop('idle'), idleMs);
  };
  const total = setTimeout(() => stop('total'), timeouts.totalMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();

  async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
    let received = 0;
    for await (const chunk of response.body ?? []) {
      heard();
      received += chunk.byteLength;
      if (received > options.maxBytes) {
        stop('too-large');
        throw new RangeError(`the answer is over ${options.maxBytes} bytes`);
      }
      yield chunk;
    }
    finished = true;
  }

  const fetch: Fetch = async (input, init) => {
    heard();
    sent ||= !controller.signal.aborted;
    const response = await options.fetch(input, {
      method: init?.method ?? 'GET',
      ...(init?.body === undefined || init.body === null ? {} : { body: init.body }),
      headers: requestHeaders(options, init),
      // A redirect would carry code, and perhaps the key, to where nobody configured it.
      redirect: 'manual',
      signal: controller.signal,
    });
    heard();
    const errorBody = response.ok ? '' : await readSome(chunks(response), LONGEST_ERROR_BODY);
    head = { status: response.status, headers: response.headers, errorBody };
    if (response.ok) return response;
    const body = NULL_BODY_STATUSES.has(response.status) ? null : errorBody;
    return new Response(body, { status: response.status, headers: response.headers });
  };

  return {
    fetch,
    sent: () => sent,
    stopped: () => reason,
    answer: () => head,
    chunks,
    expectEnd: () => {
      idleMs = Math.min(idleMs, END_WITHIN_MS);
      heard();
    },
    close: () => {
      clearTimeout(idle);
      clearTimeout(total);
      signal.removeEventListener('abort', cancel);
      // Frees a connection whose answer nobody read to its end; another one is used again.
      if (!finished) controller.abort();
    },
  };
}

/**
 * The whole list: the SDK would add headers about this machine, and those of `OPENAI_CUSTOM_HEADERS`
 * and its kin. The key is added here, so that no object of the SDK, nor its errors, ever holds it.
 */
function requestHeaders(options: ExchangeOptions, init: RequestInit | undefined): Record<string, string> {
  const hasBody = init?.body !== undefined && init.body !== null;
  return {
    accept: 'text/event-stream, application/json',
    'user-agent': 'rustassistant',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(options.key === null ? {} : { authorization: `Bearer ${options.key}` }),
    ...options.headers,
  };
}

/** The beginning of a text; a body that breaks off ends there. */
async function readSome(chunks: AsyncGenerator<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of chunks) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= limit) break;
    }
  } catch {
    return text; // The status is known, and that is what matters of an error answer.
  }
  return text.slice(0, limit);
}

/** All of a text; throws where it is over the limit or breaks off. */
export async function readAll(chunks: AsyncGenerator<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
