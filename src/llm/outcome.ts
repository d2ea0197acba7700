import type { Attempt, ChatRequest, Failure } from './attempt.ts';
import type { Exchange, Timeouts } from './exchange.ts';
import type { ErrorReading } from './failure.ts';
import { readErrorAnswer, readRetryAfter, readTransportError } from './failure.ts';
import type { Reply } from './reply.ts';
import { requestBytes } from './request.ts';
import type { Scrub } from './scrub.ts';
import { messageLine } from './scrub.ts';
import { utf8Bytes } from './tokens.ts';
import type { UsageReading } from './usage.ts';
import { readUsage } from './usage.ts';

/** One attempt while it runs. */
export interface Call {
  readonly request: ChatRequest;
  readonly exchange: Exchange;
  readonly reply: Reply;
  readonly scrub: Scrub;
  readonly timeouts: Timeouts;
  readonly model: string;
  readonly host: string;
  readonly now: () => number;
}

/**
 * What an attempt came to. The order decides: an HTTP error, then an answer that is there whole (and
 * paid for, whatever broke after its end), then what broke it off.
 *
 * @param error what was thrown on the way, null where nothing was
 */
export function conclude(call: Call, error: unknown): Attempt {
  const { exchange, reply } = call;
  const head = exchange.answer();
  if (head !== null && (head.status < 200 || head.status > 299)) {
    const reading = readErrorAnswer(head.status, head.errorBody);
    const moved = head.status < 400 ? head.headers.get('location') : null;
    const message = moved === null ? reading.message : `the server redirects to ${moved}: not followed`;
    return failed(call, { ...reading, message });
  }
  const whole = reply.error === null && reply.finishReason !== null && exchange.stopped() !== 'too-large';
  if (!whole) return failed(call, brokenOff(call, error));
  const useless = uselessAnswer(reply);
  return useless === null ? answered(call, reply.finishReason as string) : failed(call, useless);
}

function answered(call: Call, finishReason: string): Attempt {
  const { reply, scrub } = call;
  const bill = readBill(call);
  return {
    kind: 'answer',
    text: scrub(reply.text),
    finishReason: messageLine(finishReason, scrub),
    usage: bill.usage,
    usageWarnings: bill.warnings,
    model: messageLine(reply.model ?? call.model, scrub),
  };
}

function failed(call: Call, reading: ErrorReading): Failure {
  const head = call.exchange.answer();
  const retryAfter = head?.headers.get('retry-after') ?? null;
  return {
    kind: 'failure',
    class: reading.class,
    message: messageLine(reading.message, call.scrub),
    retryAfterMs: readRetryAfter(retryAfter, call.now()),
    billed: call.exchange.sent() ? reading.billed : 'no',
    usage: call.reply.usage === null ? null : readBill(call).usage,
  };
}

/** An answer that ended as it should and still says nothing; null for one of use. */
function uselessAnswer(reply: Reply): ErrorReading | null {
  if (reply.finishReason === 'content_filter' || (reply.refusal !== '' && reply.text === '')) {
    const message = reply.refusal === '' ? 'the answer was withheld by a content filter' : reply.refusal;
    return { class: 'refused', message, billed: 'unknown' };
  }
  // A completion cap used up by reasoning alone makes a cut answer, not an empty one.
  if (reply.finishReason === 'length' || reply.text.trim() !== '') return null;
  return malformed(`the answer is empty (${reply.finishReason})`);
}

function brokenOff({ exchange, reply, timeouts, host }: Call, error: unknown): ErrorReading {
  const stopped = exchange.stopped();
  switch (stopped) {
    case 'cancelled':
      return { class: 'cancelled', message: 'interrupted', billed: 'unknown' };
    case 'idle':
      return timedOut(`nothing came for ${timeouts.idleMs / 1000} s`);
    case 'total':
      return timedOut(`no whole answer within ${timeouts.totalMs / 1000} s`);
    case 'too-large':
      return malformed('the answer is too large, it was cut off');
    case null:
      break;
    default:
      return stopped satisfies never;
  }
  if (reply.error !== null) return errorInStream(reply.error);
  if (error instanceof SyntaxError) return malformed('the answer is not valid JSON');
  if (error instanceof RangeError) return malformed(error.message);
  if (error !== null) return readTransportError(error, host);
  if (reply.complete) return malformed('the answer does not say how it ended');
  return { class: 'connection', message: 'the answer broke off', billed: 'unknown' };
}

/** A stream that begins with 200 can carry an error all the same. */
function errorInStream(body: string): ErrorReading {
  const { code } = (JSON.parse(body) as { error: { code?: unknown } | string }).error as { code?: unknown };
  const status = typeof code === 'number' && code >= 400 && code <= 599 ? code : 500;
  return { ...readErrorAnswer(status, body), billed: 'unknown' };
}

function timedOut(message: string): ErrorReading {
  return { class: 'timeout', message, billed: 'unknown' };
}

function malformed(message: string): ErrorReading {
  return { class: 'malformed', message, billed: 'unknown' };
}

function readBill({ request, reply }: Call): UsageReading {
  return readUsage(reply.usage, {
    price: request.price,
    reservedTicks: request.reservedTicks,
    sentBytes: requestBytes(request),
    receivedBytes: utf8Bytes(reply.text),
  });
}
