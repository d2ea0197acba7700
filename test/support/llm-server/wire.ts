import type { ServerResponse } from 'node:http';

/** One answer in the wire format of xAI and llama.cpp. */
export interface WireAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly finishReason: string;
  readonly usage: Record<string, unknown> | null;
}

const CREATED = 1795602015;

export function chunkObject(answer: WireAnswer, delta: object, finishReason: string | null): object {
  const { id, model } = answer;
  const choices = [{ finish_reason: finishReason, index: 0, delta }];
  return { choices, created: CREATED, id, model, object: 'chat.completion.chunk', service_tier: 'default' };
}

export function event(data: object | string): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** The events of a whole stream: role, text in pieces, finish, usage, end. */
export function streamEvents(answer: WireAnswer): string[] {
  const pieces = answer.text.match(/[\s\S]{1,40}/g) ?? [];
  return [
    event(chunkObject(answer, { role: 'assistant', content: null }, null)),
    ...pieces.map((content) => event(chunkObject(answer, { content }, null))),
    event(chunkObject(answer, {}, answer.finishReason)),
    ...(answer.usage === null ? [] : [event(usageChunk(answer))]),
    event('[DONE]'),
  ];
}

function usageChunk(answer: WireAnswer): object {
  return { ...chunkObject(answer, {}, null), choices: [], usage: answer.usage };
}

export function bodyObject(answer: WireAnswer): object {
  const { id, model, text, finishReason, usage } = answer;
  const message = { role: 'assistant', content: text };
  return {
    choices: [{ finish_reason: finishReason, index: 0, message }],
    created: CREATED,
    id,
    model,
    object: 'chat.completion',
    ...(usage === null ? {} : { usage }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: string | object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function openStream(response: ServerResponse, id: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': id });
  response.flushHeaders();
}
