import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { Behaviour } from './behaviour.ts';
import type { WireAnswer } from './wire.ts';
import { bodyObject, chunkObject, event, openStream, sendJson, streamEvents } from './wire.ts';

export interface Performance {
  readonly behaviour: Behaviour;
  readonly response: ServerResponse;
  /** What a well-behaved server would answer. */
  readonly answer: WireAnswer;
  readonly stream: boolean;
  /** As the client sent it. */
  readonly key: string;
}

/** Does one behaviour over the wire. Returns when the server has nothing more to say. */
export async function perform({ behaviour, response, answer, stream, key }: Performance): Promise<void> {
  const events = streamEvents(answer);
  const half = events.slice(0, Math.ceil(events.length / 2));
  switch (behaviour.kind) {
    case 'review':
    case 'text':
      if (behaviour.delayMs !== undefined) await delay(behaviour.delayMs);
      if (!stream || behaviour.whole === true) return sendJson(response, 200, bodyObject(answer));
      openStream(response, answer.id);
      for (const each of events) await write(response, each);
      return void response.end();
    case 'status': {
      const body = (behaviour.body ?? '').replaceAll('{key}', key);
      return sendJson(response, behaviour.status, body, behaviour.headers);
    }
    case 'hang':
      if (behaviour.when === 'before-headers') return;
      openStream(response, answer.id);
      if (behaviour.when === 'mid-stream') await write(response, half.join(''));
      return;
    case 'cut':
      if (behaviour.when !== 'before-headers') {
        openStream(response, answer.id);
        await write(response, (behaviour.when === 'mid-stream' ? half : events.slice(0, -2)).join(''));
      }
      return void response.socket?.destroy();
    case 'no-end':
      openStream(response, answer.id);
      return write(response, events.join(''));
    case 'stop-early':
      openStream(response, answer.id);
      return void response.end(half.join(''));
    case 'truncated-body': {
      const body = JSON.stringify(bodyObject(answer));
      return sendJson(response, 200, body.slice(0, body.length / 2));
    }
    case 'garbage-event':
      openStream(response, answer.id);
      // The event name is one that the SDK's decoder would print to the console.
      return void response.end(`${half.join('')}event: thread.message\ndata: {"key": ${key}\n\n`);
    case 'error-event': {
      openStream(response, answer.id);
      const error = { code: behaviour.status, message: behaviour.message.replaceAll('{key}', key) };
      return void response.end(half.join('') + event({ error }));
    }
    case 'endless':
      return sendEndlessly(response, answer, behaviour.shape);
    case 'recorded':
      response.writeHead(behaviour.status, { 'content-type': behaviour.contentType });
      return void response.end(behaviour.body);
    default:
      return behaviour satisfies never;
  }
}

async function sendEndlessly(
  response: ServerResponse,
  answer: WireAnswer,
  shape: 'events' | 'line' | 'body',
): Promise<void> {
  const filler = 'x'.repeat(16_384);
  if (shape === 'body') response.writeHead(200, { 'content-type': 'application/json' });
  else openStream(response, answer.id);
  await write(response, shape === 'events' ? '' : '{"filler": "');
  const piece = shape === 'events' ? event(chunkObject(answer, { content: filler }, null)) : filler;
  while (!response.destroyed) await write(response, piece);
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || text === '') return;
  if (response.write(text)) return void (await new Promise(setImmediate));
  await Promise.race([
    new Promise((resolve) => response.once('drain', resolve)),
    new Promise((resolve) => response.once('close', resolve)),
  ]);
}
