/** What has arrived of one answer, streamed or whole. */
export interface Reply {
  text: string;
  refusal: string;
  finishReason: string | null;
  usage: unknown;
  model: string | null;
  /** An error that the server sent inside a stream that had begun well, as JSON text. */
  error: string | null;
  /** `[DONE]`, or a whole JSON body. */
  complete: boolean;
}

export function emptyReply(): Reply {
  return {
    text: '',
    refusal: '',
    finishReason: null,
    usage: null,
    model: null,
    error: null,
    complete: false,
  };
}

/** Adds the `data` of one event. Throws `SyntaxError` where it is not JSON. */
export function addEvent(reply: Reply, data: string): void {
  if (data.trim() === '[DONE]') {
    reply.complete = true;
    return;
  }
  addCompletion(reply, JSON.parse(data), 'delta');
}

/** Adds a whole body: what a server sends that does not stream. Throws `SyntaxError` where it is not JSON. */
export function addBody(reply: Reply, body: string): void {
  addCompletion(reply, JSON.parse(body), 'message');
  reply.complete = true;
}

// Nothing of the shape is taken for granted: compatible servers leave out, null and add fields.
function addCompletion(reply: Reply, value: unknown, part: 'delta' | 'message'): void {
  const completion = record(value);
  if (completion === null) throw new SyntaxError('the answer is not a JSON object');
  if (completion['error'] !== undefined && completion['error'] !== null) {
    reply.error ??= JSON.stringify({ error: completion['error'] });
  }
  reply.usage = completion['usage'] ?? reply.usage;
  reply.model = text(completion['model']) ?? reply.model;
  const choices = completion['choices'];
  if (!Array.isArray(choices)) return;
  const choice = record(choices.find((each) => (record(each)?.['index'] ?? 0) === 0));
  if (choice === null) return;
  const content = record(choice[part]);
  reply.text += text(content?.['content']) ?? '';
  reply.refusal += text(content?.['refusal']) ?? '';
  reply.finishReason = text(choice['finish_reason']) ?? reply.finishReason;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
