import { canonicalJson } from '../util/canonical.ts';
import type { Json } from '../util/canonical.ts';
import { sha256 } from '../util/hash.ts';
import { element, escaped } from './delimit.ts';
import type { SentItem } from './lens.ts';

/** First 16 of sha256 over all that a lens sends beside the items. */
export function promptHashOf(system: string, schema: Json): string {
  return sha256(canonicalJson({ system, schema, user: userMessage([EXAMPLE], ['']) })).slice(0, 16);
}

/** Stands for every item in the prompt's hash: a change of the framing shows in it. */
const EXAMPLE: SentItem = { id: 1, file: '', hash: '', text: 'text', context: 'context', replaced: [] };

/** Their number, and the items of each file together; what was wrong before comes first, the code last. */
export function userMessage(items: readonly SentItem[], errors: readonly string[] = []): string {
  const files = new Map<string, string[]>();
  for (const item of items) files.set(item.file, [...(files.get(item.file) ?? []), shown(item)]);
  const count = `Items: ${items.length}\n\n`;
  return noteOf(errors) + count + [...files.values()].map((file) => element('file', file.join(''))).join('');
}

function shown({ id, text, context }: SentItem): string {
  const around = context === '' ? '' : element('context', escaped(context));
  return around + element('item', escaped(text), ` id="${id}"`);
}

function noteOf(errors: readonly string[]): string {
  if (errors.length === 0) return '';
  const list = errors.map((error) => `- ${error}\n`).join('');
  return `Your answer before this one could not be used:\n${list}Answer again, following the output format.\n\n`;
}

/** Every member required and no other: strict mode asks for it. */
export function objectOf(properties: { readonly [name: string]: Json }): Json {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** A list of values of one schema. */
export function arrayOf(items: Json): Json {
  return { type: 'array', items };
}
