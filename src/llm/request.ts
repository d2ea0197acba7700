import type { Json } from '../util/canonical.ts';
import { isXai } from '../util/xai.ts';
import type { ChatRequest } from './attempt.ts';
import { utf8Bytes } from './tokens.ts';

/** The body of `POST /chat/completions`. No `stop`, no penalties: reasoning models reject them. */
export function chatBody(request: ChatRequest, model: string, baseUrl: string): Record<string, Json> {
  return {
    model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    ...completionCap(request.maxCompletionTokens, baseUrl),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.reasoningEffort === null ? {} : { reasoning_effort: request.reasoningEffort }),
    ...(request.schema === null ? {} : { response_format: responseFormat(request.schema) }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** UTF-8 bytes that the model is shown: what its input tokens are bounded by. */
export function requestBytes(request: Pick<ChatRequest, 'messages' | 'schema'>): number {
  const messages = request.messages.reduce((sum, message) => sum + utf8Bytes(message.content), 0);
  return messages + (request.schema === null ? 0 : utf8Bytes(JSON.stringify(request.schema)));
}

/**
 * xAI and OpenAI take `max_completion_tokens`, which counts reasoning, and refuse or warn of the older
 * name; Ollama reads only the older one, llama.cpp either. A request without a cap would have no worst case.
 */
function completionCap(tokens: number, baseUrl: string): Record<string, Json> {
  const modern = { max_completion_tokens: tokens };
  const official = isXai(baseUrl) || new URL(baseUrl).hostname === 'api.openai.com';
  return official ? modern : { ...modern, max_tokens: tokens };
}

function responseFormat(schema: { readonly name: string; readonly schema: Json }): Json {
  return { type: 'json_schema', json_schema: { name: schema.name, strict: true, schema: schema.schema } };
}

/** `x-grok-conv-id` keeps requests of one prompt version on one cache; a header of xAI's alone. */
export function chatHeaders(request: ChatRequest, baseUrl: string): Record<string, string> {
  if (request.conversation === null || !isXai(baseUrl)) return {};
  return { 'x-grok-conv-id': request.conversation };
}
