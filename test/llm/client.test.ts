import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { AnswerAttempt, Attempt } from '../../src/llm/attempt.ts';
import { openClient } from '../../src/llm/client.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';

import { CANARY, UNWRAPS, attemptOnce, reviewRequest } from './ask.ts';

let server: LlmServer;
beforeEach(async () => {
  server = await startLlmServer({ key: CANARY });
});
afterEach(() => server.close());

function answer(attempt: Attempt): AnswerAttempt {
  if (attempt.kind !== 'answer') throw new Error(`${attempt.class}: ${attempt.message}`);
  return attempt;
}

describe('an answer', () => {
  test('is read whole from a stream, with its bill in ticks', async () => {
    const read = answer(await attemptOnce(server.url));
    expect(JSON.parse(read.text)).toMatchObject({
      items: [{ id: 1, findings: [{ quote: 'std::fs::read_to_string(path).unwrap()' }] }],
    });
    expect(read).toMatchObject({ finishReason: 'stop', model: 'grok-4.3' });
    expect(read.usage).toMatchObject({ ticks: server.bill(), estimated: false });
    expect(read.usage.ticks).toBeGreaterThan(0);
    expect(read.usageWarnings).toEqual([]);
  });

  test('is read from a server that does not stream although it was asked to', async () => {
    server.enqueue({ kind: 'review', whole: true });
    const read = answer(await attemptOnce(server.url));
    expect(read.text).toContain('unwrap()');
    expect(read.usage.ticks).toBe(server.bill());
  });

  test('names the model that answered, not the one asked', async () => {
    server.enqueue('wrong-model');
    expect(answer(await attemptOnce(server.url)).model).toBe('another-model');
  });

  test('that was cut at the completion cap says so first', async () => {
    server.enqueue('length');
    expect(answer(await attemptOnce(server.url)).finishReason).toBe('length');
    const tight = reviewRequest([UNWRAPS], { maxCompletionTokens: 20 });
    const cut = answer(await attemptOnce(server.url, {}, tight));
    expect(cut.finishReason).toBe('length');
    expect(cut.usage.outputTokens).toBeLessThanOrEqual(20);
  });

  test('without usage costs what was reserved, marked estimated', async () => {
    server.enqueue('no-usage');
    const request = reviewRequest([UNWRAPS]);
    const read = answer(await attemptOnce(server.url, {}, request));
    expect(read.usage).toMatchObject({ ticks: request.reservedTicks, estimated: true });
    expect(read.usageWarnings.map((warning) => warning.kind)).toEqual(['usage-missing']);
    expect(read.usage.ticks).toBeGreaterThanOrEqual(server.bill());
  });

  test('that is whole before the connection breaks is an answer', async () => {
    server.enqueue({ kind: 'cut', when: 'after-finish' });
    const read = answer(await attemptOnce(server.url));
    expect(read.text).toContain('unwrap()');
    expect(read.usage.estimated).toBe(true);
  });

  test('that is whole needs no end of the connection', async () => {
    server.enqueue({ kind: 'no-end' });
    const read = answer(await attemptOnce(server.url));
    expect(read.usage.ticks).toBe(server.bill());
  });

  test('never costs more than was reserved for it', async () => {
    const texts = ['fn a() { b().unwrap() }', '𝕱🦀é'.repeat(400), '{}()[];'.repeat(500)];
    for (const text of texts) {
      const request = reviewRequest([text]);
      const read = answer(await attemptOnce(server.url, {}, request));
      expect(read.usage.ticks).toBeLessThanOrEqual(request.reservedTicks);
    }
  });
});

describe('a request', () => {
  test('carries a cap under both names, asks for usage and a strict schema, and nothing else', async () => {
    await attemptOnce(server.url, {}, reviewRequest([UNWRAPS], { temperature: 0 }));
    await server.ended(1);
    expect(server.log[0]?.parameters).toEqual({
      model: 'grok-4.3',
      max_completion_tokens: 2_000,
      max_tokens: 2_000,
      temperature: 0,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'review', strict: true, schema: { type: 'object' } },
      },
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('tells nothing of this machine and takes no headers from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_ORG_ID: 'org-secret',
      OPENAI_PROJECT_ID: 'proj-secret',
      OPENAI_CUSTOM_HEADERS: 'Authorization: Bearer other\nX-Leak: yes',
    });
    try {
      const conversation = reviewRequest([UNWRAPS], { conversation: 'prompt-1' });
      expect((await attemptOnce(server.url, {}, conversation)).kind).toBe('answer');
      await server.ended(1);
    } finally {
      process.env = before;
    }
    const expected = ['accept', 'authorization', 'content-type', 'user-agent', 'content-length', 'host'];
    const automatic = ['accept-encoding', 'accept-language', 'connection', 'sec-fetch-mode'];
    expect(server.log[0]?.headers.filter((name) => !automatic.includes(name)).sort()).toEqual(
      expected.sort(),
    );
  });

  test('without a key carries no authorization', async () => {
    const open = await startLlmServer();
    expect((await attemptOnce(open.url, { key: null })).kind).toBe('answer');
    await open.ended(1);
    expect(open.log[0]?.headers).not.toContain('authorization');
    await open.close();
  });

  test('to xAI carries its conversation and effort, and the cap under one name', async () => {
    const sent: { url: string; headers: Headers; body: Record<string, unknown> }[] = [];
    // xAI cannot be asked here: the same requests go to the server on loopback.
    const rerouted: typeof fetch = (input, init) => {
      const url = String(input);
      const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
      sent.push({ url, headers: new Headers(init?.headers), body });
      return fetch(url.replace('https://api.x.ai/v1', server.url), init);
    };
    const request = reviewRequest([UNWRAPS], { conversation: 'prompt-1', reasoningEffort: 'low' });
    answer(await attemptOnce('https://api.x.ai/v1', { fetch: rerouted }, request));
    await server.ended(1);
    expect(sent[0]?.url).toBe('https://api.x.ai/v1/chat/completions');
    expect(sent[0]?.headers.get('x-grok-conv-id')).toBe('prompt-1');
    expect(sent[0]?.body).toMatchObject({ reasoning_effort: 'low', max_completion_tokens: 2_000 });
    expect(sent[0]?.body).not.toHaveProperty('max_tokens');
    expect(server.log[0]?.conversation).toBe('prompt-1');
  });

  test('leaves its connection to later ones', async () => {
    const client = await openClient({ baseUrl: server.url, key: CANARY, model: 'm', now: Date.now });
    for (let n = 0; n < 6; n += 1) {
      const { kind } = await client.attempt(reviewRequest([UNWRAPS]), new AbortController().signal);
      expect(kind).toBe('answer');
    }
    await server.ended(6);
    const connections = new Set(server.log.map((request) => request.connection));
    await client.close();
    // The pool may have opened a second one before the first was free again.
    expect(connections.size).toBeLessThanOrEqual(2);
  });
});

describe('what the server tells of a model', () => {
  const signal = new AbortController().signal;
  const ask = async (url: string, id: string) => {
    const client = await openClient({ baseUrl: url, key: null, model: id, now: Date.now });
    try {
      return await client.modelInfo(id, signal);
    } finally {
      await client.close();
    }
  };

  test('is its price in USD per million tokens', async () => {
    const telling = await startLlmServer({ tellsPrice: true });
    expect((await ask(telling.url, 'grok-4.3'))?.price).toEqual({
      input: 1.25,
      cachedInput: 0.2,
      output: 2.5,
      source: 'api',
    });
    await telling.close();
  });

  test('is its context where only the list tells, and no price', async () => {
    const silent = await startLlmServer({ model: 'local' });
    expect(await ask(silent.url, 'local')).toEqual({ price: null, contextTokens: 8192 });
    expect(await ask(silent.url, 'unheard-of')).toBeNull();
    await silent.close();
  });

  test('is nothing where no server is', async () => {
    const gone = await startLlmServer();
    await gone.close();
    expect(await ask(gone.url, 'grok-4.3')).toBeNull();
  });

  test('is not free for being told as zero', async () => {
    const price = { input: 0, cachedInput: 0, output: 0 };
    const zero = await startLlmServer({ tellsPrice: true, price });
    expect((await ask(zero.url, 'grok-4.3'))?.price).toBeNull();
    await zero.close();
  });
});
