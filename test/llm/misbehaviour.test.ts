import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Attempt, Failure } from '../../src/llm/attempt.ts';
import type { ClientOptions } from '../../src/llm/client.ts';
import type { Behaviour, Misbehaviour } from '../support/llm-server/behaviour.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';

import { CANARY, UNWRAPS, attemptOnce, reviewRequest } from './ask.ts';

const NOW = Date.parse('2026-10-21T07:27:30Z');
const PATIENT = { connectMs: 5_000, idleMs: 20_000, totalMs: 20_000 };
// Shorter than a loaded machine may take to answer at all: how far the answer came is not looked at.
const QUICK = { ...PATIENT, idleMs: 300 };

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());
afterEach(() => vi.restoreAllMocks());

/** One attempt against one behaviour; the key must be in nothing that comes of it, printed or returned. */
async function misbehave(
  behaviour: Behaviour | Misbehaviour,
  options: Partial<ClientOptions> = {},
  at: LlmServer = server,
): Promise<Attempt> {
  const printed = ['error', 'warn', 'log', 'info', 'debug'].map((level) =>
    vi.spyOn(console, level as 'log').mockImplementation(() => {}),
  );
  at.enqueue(behaviour);
  const attempt = await attemptOnce(at.url, { timeouts: PATIENT, now: () => NOW, ...options });
  expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  expect(JSON.stringify(attempt)).not.toContain(CANARY);
  return attempt;
}

const FAILURES: [string, Behaviour | Misbehaviour, Partial<Failure>][] = [
  ['429', 'rate-limited', { class: 'rate-limited', message: 'Too many requests', billed: 'no' }],
  ['429 with Retry-After in seconds', 'rate-limited-seconds', { class: 'rate-limited', retryAfterMs: 7_000 }],
  ['429 with Retry-After as a date', 'rate-limited-date', { class: 'rate-limited', retryAfterMs: 30_000 }],
  ['500', 'server-error', { class: 'server', message: 'boom', billed: 'unknown' }],
  ['503 while the model loads', 'loading', { class: 'loading', billed: 'no' }],
  [
    '403',
    { kind: 'status', status: 403, body: '{"error":"policy"}' },
    { class: 'refused', message: 'policy', billed: 'unknown' },
  ],
  ['401', { kind: 'status', status: 401, body: '' }, { class: 'auth', message: 'HTTP 401', billed: 'no' }],
  [
    'a page of a proxy',
    { kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
    { class: 'server', message: 'HTTP 502' },
  ],
  ['a hang before headers', 'hang-before-headers', { class: 'timeout', billed: 'unknown' }],
  [
    'a hang after headers',
    { kind: 'hang', when: 'after-headers' },
    { class: 'timeout', message: 'nothing came for 0.3 s' },
  ],
  ['a hang in the stream', 'hang-mid-stream', { class: 'timeout', billed: 'unknown' }],
  ['a cut before headers', 'cut-before-headers', { class: 'connection', billed: 'unknown' }],
  ['a cut in the stream', 'cut-mid-stream', { class: 'connection', billed: 'unknown' }],
  [
    'a stream that ends early in good order',
    { kind: 'stop-early' },
    { class: 'connection', message: 'the answer broke off', billed: 'unknown' },
  ],
  ['a body that is truncated JSON', { kind: 'truncated-body' }, { class: 'malformed', billed: 'unknown' }],
  ['an event that is no JSON', { kind: 'garbage-event' }, { class: 'malformed', billed: 'unknown' }],
  [
    'an error inside the stream',
    { kind: 'error-event', status: 503, message: 'gone {key}' },
    { class: 'server', message: 'gone [REDACTED:api-key]', billed: 'unknown' },
  ],
  [
    'a body that is no object',
    { kind: 'recorded', status: 200, contentType: 'application/json', body: '[]' },
    { class: 'malformed' },
  ],
  ['no content', 'empty', { class: 'malformed', message: 'the answer is empty (stop)' }],
  [
    'a withheld answer',
    { kind: 'text', text: 'I', finishReason: 'content_filter' },
    { class: 'refused', billed: 'unknown' },
  ],
  [
    'an error body that echoes the key',
    'echo-key',
    { class: 'auth', message: 'Incorrect API key provided: [REDACTED:api-key]', billed: 'no' },
  ],
  [
    'a huge error body with control characters',
    { kind: 'status', status: 400, body: `\u001b[31m\u202e${'y'.repeat(300_000)}{key}` },
    { class: 'invalid-request', message: `[31m ${'y'.repeat(294)}…` },
  ],
];

describe('a failure is a value', () => {
  test.each(FAILURES)('%s', async (_, behaviour, expected) => {
    const timeouts = expected.class === 'timeout' ? QUICK : PATIENT;
    expect(await misbehave(behaviour, { timeouts })).toMatchObject({ kind: 'failure', ...expected });
  });

  test('an empty answer that told its bill can be settled', async () => {
    const before = server.bill();
    const failure = (await misbehave('empty')) as Failure;
    expect(failure.usage?.ticks).toBe(server.bill() - before);
  });

  test('slowness within the limits is none', async () => {
    const attempt = await misbehave({ kind: 'review', delayMs: 80 });
    expect(attempt.kind).toBe('answer');
  });

  test('an answer that never ends is cut off by the clock', async () => {
    const timeouts = { ...PATIENT, totalMs: 200 };
    const attempt = await misbehave({ kind: 'hang', when: 'mid-stream' }, { timeouts });
    expect(attempt).toMatchObject({ class: 'timeout', message: 'no whole answer within 0.2 s' });
  });

  test.each(['events', 'line', 'body'] as const)('a huge answer (%s) is cut off', async (shape) => {
    const own = await startLlmServer();
    const before = process.memoryUsage().rss;
    const attempt = await misbehave({ kind: 'endless', shape }, { maxBytes: 12 * 1024 * 1024 }, own);
    expect(attempt).toMatchObject({ kind: 'failure', class: 'malformed', billed: 'unknown' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    await own.ended(1);
    expect(own.log[0]?.disconnected).toBe(true);
    await own.close();
  });

  test('an echoed key is taken out of an answer, plain or as JSON spells it', async () => {
    const spelled = [...CANARY].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    const attempt = await misbehave({
      kind: 'text',
      text: `{"a":"${CANARY}","b":"${spelled}"}`,
      model: CANARY,
    });
    expect(attempt).toMatchObject({
      kind: 'answer',
      text: '{"a":"[REDACTED:api-key]","b":"[REDACTED:api-key]"}',
      model: '[REDACTED:api-key]',
    });
  });
});

describe('an interruption', () => {
  let own: LlmServer;
  beforeEach(async () => {
    own = await startLlmServer();
  });
  afterEach(() => own.close());

  test('before sending costs nothing and sends nothing', async () => {
    const attempt = await attemptOnce(own.url, {}, reviewRequest([UNWRAPS]), AbortSignal.abort());
    expect(attempt).toMatchObject({ class: 'cancelled', billed: 'no' });
    await attemptOnce(own.url);
    await own.ended(1);
    expect(own.log).toHaveLength(1);
  });

  test('on the way leaves the bill open and closes the connection', async () => {
    const controller = new AbortController();
    own.enqueue('hang-mid-stream');
    const running = attemptOnce(own.url, {}, reviewRequest([UNWRAPS]), controller.signal);
    await own.arrived(1);
    controller.abort();
    expect(await running).toMatchObject({ class: 'cancelled', billed: 'unknown' });
    await own.ended(1);
    expect(own.log[0]?.disconnected).toBe(true);
  });
});

describe('a server that is not there', () => {
  test('costs nothing', async () => {
    const gone = await startLlmServer();
    await gone.close();
    const attempt = await attemptOnce(gone.url);
    expect(attempt).toMatchObject({ kind: 'failure', class: 'connection', billed: 'no' });
    expect((attempt as Failure).message).toMatch(/^cannot reach 127\.0\.0\.1:\d+: ECONNREFUSED$/);
  });

  test('redirects carry neither code nor key to another host', async () => {
    let reached = 0;
    const other = createServer((_, response) => {
      reached += 1;
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `http://localhost:${(other.address() as AddressInfo).port}/v1/chat/completions`;
    for (const status of [301, 302, 307, 308]) {
      const attempt = await misbehave({ kind: 'status', status, headers: { location } });
      expect(attempt).toMatchObject({ class: 'not-found', billed: 'no' });
      expect((attempt as Failure).message).toBe(`the server redirects to ${location}: not followed`);
    }
    expect(reached).toBe(0);
    other.close();
  });
});
