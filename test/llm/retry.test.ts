import { describe, expect, test } from 'vitest';

import type { Failure, FailureClass } from '../../src/llm/attempt.ts';
import { readErrorAnswer, readRetryAfter, readTransportError } from '../../src/llm/failure.ts';
import { RETRY, decideRetry } from '../../src/llm/retry.ts';

interface Given {
  readonly retryAfterMs?: number;
  readonly billed?: Failure['billed'];
  readonly attempt?: number;
  readonly elapsedMs?: number;
  readonly random?: number;
}

function decide(kind: FailureClass, given: Given = {}) {
  const { retryAfterMs = null, billed = 'no', attempt = 1, elapsedMs = 0, random = 0.5 } = given;
  return decideRetry({ failure: { class: kind, retryAfterMs, billed }, attempt, elapsedMs, random });
}

describe('a failed attempt', () => {
  test.each<FailureClass>(['rate-limited', 'server', 'timeout', 'connection', 'loading'])(
    '%s is retried',
    (kind) => {
      expect(decide(kind).kind).toBe('retry');
    },
  );

  test.each<FailureClass>([
    'auth',
    'refused',
    'invalid-request',
    'context-overflow',
    'not-found',
    'cancelled',
    'malformed',
  ])('%s is not', (kind) => {
    expect(decide(kind, { retryAfterMs: 5 })).toEqual({ kind: 'give-up' });
  });

  test('waits a random share of a doubling time', () => {
    const waits = [1, 2, 3, 4].map((attempt) => decide('server', { attempt, random: 0.5 }));
    expect(waits.map((wait) => wait.kind === 'retry' && wait.afterMs)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(decide('server', { random: 0 })).toEqual({ kind: 'retry', afterMs: 0 });
    expect(decide('loading', { attempt: 20, random: 0.999_999 })).toEqual({ kind: 'retry', afterMs: 30_000 });
  });

  test('waits at least as long as the server asks, unless that is too long', () => {
    expect(decide('rate-limited', { retryAfterMs: 7_000, random: 0 })).toEqual({
      kind: 'retry',
      afterMs: 7_000,
    });
    const tooLong = { retryAfterMs: RETRY.maxRetryAfterMs + 1 };
    expect(decide('rate-limited', tooLong)).toEqual({ kind: 'give-up' });
  });

  test('is given up after so many, sooner where each may have been billed', () => {
    expect(decide('rate-limited', { attempt: 4 }).kind).toBe('retry');
    expect(decide('rate-limited', { attempt: 5 })).toEqual({ kind: 'give-up' });
    expect(decide('timeout', { attempt: 3, billed: 'unknown' })).toEqual({
      kind: 'give-up',
    });
  });

  test('is given up after so long; a model that loads gets its own time', () => {
    const late = { elapsedMs: RETRY.maxElapsedMs };
    expect(decide('server', { ...late, random: 0.9 })).toEqual({ kind: 'give-up' });
    expect(decide('loading', { attempt: 12, elapsedMs: 60_000 }).kind).toBe('retry');
    expect(decide('loading', { attempt: 12, elapsedMs: 179_999 })).toEqual({
      kind: 'give-up',
    });
  });
});

test.each([
  ['7', 7_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 30_000],
  ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  [null, null],
])('Retry-After %j is %j ms', (header, ms) => {
  expect(readRetryAfter(header, Date.parse('2026-10-21T07:27:30Z'))).toBe(ms);
});

test.each<[number, string, FailureClass, string, string]>([
  [
    400,
    '{"code":"x","error":"Incorrect API key provided: xai***"}',
    'auth',
    'Incorrect API key provided: xai***',
    'no',
  ],
  [
    400,
    '{"object":"error","message":"maximum context length is 4096"}',
    'context-overflow',
    'maximum context length is 4096',
    'no',
  ],
  [422, '{"detail":"field required"}', 'invalid-request', 'field required', 'no'],
  [413, '', 'context-overflow', 'HTTP 413', 'no'],
  [402, '{"error":{"message":"no credits"}}', 'refused', 'no credits', 'no'],
  [403, '{"error":{"message":"policy"}}', 'refused', 'policy', 'unknown'],
  [503, 'overloaded', 'server', 'overloaded', 'unknown'],
  [529, '{}', 'server', '{}', 'unknown'],
])('HTTP %i %s is %s', (status, body, kind, message, billed) => {
  expect(readErrorAnswer(status, body)).toEqual({ class: kind, message, billed });
});

test('what the transport throws is read to its root', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const wrapped = new Error('Connection error.', { cause: new TypeError('fetch failed', { cause }) });
  expect(readTransportError(wrapped, 'h:1')).toEqual({
    class: 'connection',
    message: 'cannot reach h:1: ECONNREFUSED',
    billed: 'no',
  });
  const reset = new Error('x', { cause: Object.assign(new Error('read'), { code: 'ECONNRESET' }) });
  expect(readTransportError(reset, 'h:1')).toMatchObject({ class: 'connection', billed: 'unknown' });
});
