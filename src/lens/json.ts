import { messageOf } from '../errors.ts';
import type { Json } from '../util/canonical.ts';

/** Characters; no completion that we pay for comes near. */
const MAX_ANSWER = 4_000_000;

export type Parsed =
  { readonly kind: 'json'; readonly value: Json } | { readonly kind: 'error'; readonly message: string };

/**
 * The JSON value that an answer is. Tolerated, since servers without structured output let models add
 * it: a `<think>` block before it, a code fence or prose around one object. Nothing is ever repaired.
 */
export function jsonIn(text: string): Parsed {
  if (text.length > MAX_ANSWER) return { kind: 'error', message: 'the answer is too long' };
  const answer = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  if (answer === '') return { kind: 'error', message: 'the answer is empty' };
  const whole = parsed(answer);
  if (whole.kind === 'json') return whole;
  const object = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
  const inside = object === '' || object === answer ? whole : parsed(object);
  return inside.kind === 'json' ? inside : whole;
}

function parsed(text: string): Parsed {
  try {
    return { kind: 'json', value: JSON.parse(text) as Json };
  } catch (error) {
    return { kind: 'error', message: `not JSON (${placeOf(error)})` };
  }
}

/** Where parsing stopped: the engine's message also quotes the text, which is the model's and not for us to repeat. */
function placeOf(error: unknown): string {
  return /at position \d+/.exec(messageOf(error))?.[0] ?? 'cut or malformed';
}
