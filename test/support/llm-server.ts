/**
 * A real HTTP server on loopback that speaks the wire format of xAI and llama.cpp, keeps the bill and the
 * log of what it was asked, and misbehaves on request. In a test: `await startLlmServer()`. By itself:
 * `tsx test/support/llm-server.ts --port 0 --log requests.jsonl`; it prints `{"url": …}` once it listens.
 */
import { appendFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { AnswerOptions, Behaviour, Misbehaviour } from './llm-server/behaviour.ts';
import { MISBEHAVIOURS } from './llm-server/behaviour.ts';
import type { Bill, ServerPrice } from './llm-server/bill.ts';
import { billOf, tokensOf, usageObject } from './llm-server/bill.ts';
import { perform } from './llm-server/perform.ts';
import type { IdFault } from './llm-server/reviewer.ts';
import { safetyAnswer } from './llm-server/auditor.ts';
import { itemsOf, reviewAnswer } from './llm-server/reviewer.ts';
import { verifyAnswer } from './llm-server/verifier.ts';
import type { WireAnswer } from './llm-server/wire.ts';
import { sendJson } from './llm-server/wire.ts';

export interface LlmServerOptions {
  readonly model?: string;
  readonly price?: ServerPrice;
  /** Whether `GET /v1/models/{id}` tells the price, in xAI's fields. */
  readonly tellsPrice?: boolean;
  /** Wanted of every request; left out, any will do. */
  readonly key?: string;
  readonly port?: number;
  /** One JSON line per chat request is appended to it, once its connection has ended. */
  readonly logPath?: string;
  /** What is done where nothing was enqueued. */
  readonly behaviour?: Behaviour;
  /** A model of another mind: what it says to a request's last message, or null for a plain review. */
  readonly mind?: (message: string) => string | null;
}

/** One chat request as the server saw it. */
export interface LoggedRequest extends Bill {
  readonly n: number;
  readonly behaviour: string;
  readonly status: number;
  readonly model: string;
  readonly items: readonly number[];
  /** Names only: values may be secret. */
  readonly headers: readonly string[];
  readonly conversation: string | null;
  /** The client's port: equal for requests over one connection. */
  readonly connection: number;
  /** As JSON, messages left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** The client left before the answer was there. */
  readonly disconnected: boolean;
}

export interface LlmServer {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Ticks of all answers, whether they arrived or not. */
  bill(): number;
  /** The next requests are treated so, in this order. */
  enqueue(...behaviours: (Behaviour | Misbehaviour)[]): void;
  /** Resolves once so many chat requests in all have come in. */
  arrived(count: number): Promise<void>;
  /** Resolves once so many of them have ended. */
  ended(count: number): Promise<void>;
  close(): Promise<void>;
}

interface State {
  readonly options: LlmServerOptions;
  readonly log: LoggedRequest[];
  readonly queue: Behaviour[];
  readonly seenPrefixes: Set<string>;
  readonly waiting: (() => void)[];
  requests: number;
  billed: number;
}

const DEFAULT_PRICE: ServerPrice = { input: 1.25, cachedInput: 0.2, output: 2.5 };

export async function startLlmServer(options: LlmServerOptions = {}): Promise<LlmServer> {
  const state: State = {
    options,
    log: [],
    queue: [],
    seenPrefixes: new Set(),
    waiting: [],
    requests: 0,
    billed: 0,
  };
  const server = createServer((request, response) => void route(state, request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    log: state.log,
    bill: () => state.billed,
    enqueue: (...behaviours) => void state.queue.push(...behaviours.map(named)),
    arrived: (count) => until(state, () => state.requests >= count),
    ended: (count) => until(state, () => state.log.length >= count),
    close: () => closeServer(server),
  };
}

async function until(state: State, reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise<void>((resolve) => state.waiting.push(resolve));
}

function wake(state: State): void {
  for (const resolve of state.waiting.splice(0)) resolve();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function named(behaviour: Behaviour | Misbehaviour): Behaviour {
  return typeof behaviour === 'string' ? MISBEHAVIOURS[behaviour] : behaviour;
}

async function route(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = state;
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const body = await readBody(request);
  const key = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  if (path === '/_test/enqueue') {
    state.queue.push(...(JSON.parse(body) as (Behaviour | Misbehaviour)[]).map(named));
    return sendJson(response, 200, {});
  }
  if (path === '/_test/log') return sendJson(response, 200, { bill: state.billed, log: state.log });
  if (options.key !== undefined && key !== options.key) {
    const error = { message: 'Invalid API Key', type: 'authentication_error', code: 401 };
    return sendJson(response, 401, { error });
  }
  if (path.startsWith('/v1/models')) return models(options, decodeURIComponent(path.slice(11)), response);
  if (path === '/v1/chat/completions') return chat(state, request, response, body, key);
  sendJson(response, 404, { error: { message: 'File Not Found', type: 'not_found_error', code: 404 } });
}

function models(options: LlmServerOptions, id: string, response: ServerResponse): void {
  const model = options.model ?? 'grok-4.3';
  const { input, cachedInput, output } = options.price ?? DEFAULT_PRICE;
  if (id === '') {
    const data = [{ id: model, object: 'model', meta: { n_ctx: 8192 } }];
    return sendJson(response, 200, { object: 'list', data });
  }
  if (options.tellsPrice !== true || id !== model) {
    const error = { message: 'File Not Found', type: 'not_found_error', code: 404 };
    return sendJson(response, 404, { error });
  }
  sendJson(response, 200, {
    id: model,
    object: 'model',
    prompt_text_token_price: Math.round(input * 1e4),
    cached_prompt_text_token_price: Math.round(cachedInput * 1e4),
    completion_text_token_price: Math.round(output * 1e4),
  });
}

interface ChatBody {
  readonly model?: string;
  readonly messages?: unknown;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly max_completion_tokens?: number;
  readonly max_tokens?: number;
  readonly response_format?: { readonly json_schema?: { readonly name?: string } };
}

async function chat(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  key: string,
): Promise<void> {
  const asked = JSON.parse(body) as ChatBody;
  if (!Array.isArray(asked.messages)) {
    const error = { code: 400, message: "Expected 'messages' to be an array", type: 'invalid_request_error' };
    return sendJson(response, 400, { error });
  }
  const messages = asked.messages as LoggedRequest['messages'];
  const behaviour = state.queue.shift() ?? state.options.behaviour ?? { kind: 'review' };
  state.requests += 1;
  wake(state);
  const n = state.requests;
  const { answer, bill } = answerTo(state, asked, messages, behaviour, n);
  // It is billed when it is made: whether the client still listens is not the server's affair.
  state.billed += bill.ticks;
  const connection = request.socket.remotePort ?? 0;
  let whole = false;
  const entry = (): LoggedRequest => ({
    n,
    behaviour: behaviour.kind,
    status: response.statusCode,
    model: asked.model ?? '',
    items: itemsOf(messages[messages.length - 1]?.content ?? '').map((item) => item.id),
    headers: Object.keys(request.headers),
    conversation: (request.headers['x-grok-conv-id'] as string | undefined) ?? null,
    connection,
    parameters: Object.fromEntries(Object.entries(asked).filter(([name]) => name !== 'messages')),
    messages,
    disconnected: !whole,
    ...bill,
  });
  response.once('finish', () => (whole = true));
  response.once('close', () => noteEnd(state, entry()));
  await perform({ behaviour, response, answer, stream: asked.stream === true, key });
}

function noteEnd(state: State, entry: LoggedRequest): void {
  state.log.push(entry);
  const { messages, ...line } = entry;
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content), 0);
  if (state.options.logPath !== undefined) {
    appendFileSync(state.options.logPath, `${JSON.stringify({ ...line, bytes })}\n`);
  }
  wake(state);
}

/** What a well-behaved server answers, and its price; a request that gets no answer costs nothing. */
function answerTo(
  { options, seenPrefixes }: State,
  asked: ChatBody,
  messages: LoggedRequest['messages'],
  behaviour: Behaviour,
  n: number,
): { readonly answer: WireAnswer; readonly bill: Bill } {
  const style: AnswerOptions = behaviour.kind === 'review' || behaviour.kind === 'text' ? behaviour : {};
  const message = messages[messages.length - 1]?.content ?? '';
  const ids = behaviour.kind === 'review' ? behaviour.ids : undefined;
  const full =
    behaviour.kind === 'text' ? behaviour.text : (options.mind?.(message) ?? answerOf(asked, message, ids));
  const cap = asked.max_completion_tokens ?? asked.max_tokens ?? Infinity;
  const cut = style.finishReason === 'length' || tokensOf(full) > cap;
  const text = cut ? full.slice(0, Math.min(Math.floor(cap * 3.6), Math.floor(full.length / 2))) : full;

  const first = messages[0]?.content ?? '';
  const cached = seenPrefixes.has(first) && messages.length > 1 ? tokensOf(first) : 0;
  seenPrefixes.add(first);
  const input = messages.reduce((sum, { content }) => sum + tokensOf(content), 0);
  const answers = !['status', 'recorded'].includes(behaviour.kind) && !isBeforeHeaders(behaviour);
  const price = options.price ?? DEFAULT_PRICE;
  const bill = answers ? billOf(price, input, cached, tokensOf(text)) : billOf(price, 0, 0, 0);
  const usage = asked.stream === true && asked.stream_options?.include_usage !== true ? 'none' : style.usage;
  const answer: WireAnswer = {
    id: `chatcmpl-${n}`,
    model: style.model ?? options.model ?? asked.model ?? 'grok-4.3',
    text,
    finishReason: style.finishReason ?? (cut ? 'length' : 'stop'),
    usage: usageObject(bill, usage ?? 'xai'),
  };
  return { answer, bill };
}

/** By the question: the name of the schema that the answer is to have. */
function answerOf(asked: ChatBody, message: string, ids: IdFault | undefined): string {
  const name = asked.response_format?.json_schema?.name;
  if (name === 'safety') return safetyAnswer(message);
  if (name === 'verify') return verifyAnswer(message);
  return reviewAnswer(itemsOf(message), ids);
}

function isBeforeHeaders(behaviour: Behaviour): boolean {
  return (behaviour.kind === 'hang' || behaviour.kind === 'cut') && behaviour.when === 'before-headers';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      log: { type: 'string' },
      model: { type: 'string' },
      behaviour: { type: 'string' },
      'tells-price': { type: 'boolean', default: false },
    },
  });
  const server = await startLlmServer({
    port: Number(values.port),
    tellsPrice: values['tells-price'],
    ...(values.log === undefined ? {} : { logPath: values.log }),
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.behaviour === undefined ? {} : { behaviour: MISBEHAVIOURS[values.behaviour as Misbehaviour] }),
  });
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
