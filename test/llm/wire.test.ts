/** Answers recorded from a real llama.cpp server, replayed byte for byte. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Attempt } from '../../src/llm/attempt.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';

import { attemptOnce, reviewRequest } from './ask.ts';

interface Recording {
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body?: unknown;
    readonly body_text?: string;
  };
}

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());

const FREE = { input: 0, cachedInput: 0, output: 0, source: 'config' } as const;

async function replay(name: string): Promise<Attempt> {
  const file = new URL(`../fixtures/wire/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const contentType = response.headers.find(([header]) => header === 'Content-Type')?.[1] ?? '';
  const body = response.body_text ?? JSON.stringify(response.body);
  server.enqueue({ kind: 'recorded', status: response.status, contentType, body });
  return attemptOnce(server.url, {}, reviewRequest(['fn a() {}'], { price: FREE, reservedTicks: 0 }));
}

test('a stream with usage', async () => {
  expect(await replay('stream_usage')).toMatchObject({
    kind: 'answer',
    text: 'Hello! How can I assist you today?',
    finishReason: 'stop',
    model: 'qwen2.5-coder-0.5b-instruct',
    usage: { ticks: 0, estimated: false, inputTokens: 35, cachedTokens: 34, outputTokens: 10 },
    usageWarnings: [],
  });
});

test('a stream without usage, cut', async () => {
  const attempt = await replay('stream_no_usage');
  expect(attempt).toMatchObject({ kind: 'answer', finishReason: 'length' });
});

test.each([
  ['plain', 'stop'],
  ['unknown_model', 'length'],
  ['length', 'length'],
  ['json_schema_length', 'length'],
])('a whole body: %s', async (name, finishReason) => {
  const attempt = await replay(name);
  expect(attempt).toMatchObject({ kind: 'answer', finishReason, model: 'qwen2.5-coder-0.5b-instruct' });
});

test.each([
  ['loading', { class: 'loading', message: 'Loading model', billed: 'no' }],
  ['wrong_key', { class: 'auth', message: 'Invalid API Key', billed: 'no' }],
  ['not_found', { class: 'not-found', message: 'File Not Found', billed: 'no' }],
  ['context_overflow', { class: 'context-overflow', billed: 'no' }],
  ['stream_bad_request', { class: 'invalid-request', billed: 'no' }],
  ['bad_schema', { class: 'invalid-request', billed: 'no' }],
])('an error: %s', async (name, expected) => {
  expect(await replay(name)).toMatchObject({ kind: 'failure', ...expected });
});
