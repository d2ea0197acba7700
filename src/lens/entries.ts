import type { Answer } from '../types/answer.ts';
import type { Json } from '../util/canonical.ts';
import { membersOf } from './finding.ts';
import type { Checked } from './finding.ts';
import { jsonIn } from './json.ts';
import type { Reading, SentItem } from './lens.ts';

/** Errors that are named to the model. */
const MAX_ERRORS = 10;

export type Entries<T> =
  | {
      readonly kind: 'ok';
      /** What was said of each item, by id. */
      readonly values: ReadonlyMap<number, T>;
      readonly missing: readonly number[];
      readonly duplicate: number;
      readonly foreign: number;
      readonly malformed: number;
      readonly errors: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/**
 * Reads `{items: [{id, …}]}`, whole or not at all: the caller has looked at `finish_reason` and hands over no cut
 * answer. Every id that was sent ends up answered or missing; the first usable answer to an id counts. `read` looks
 * at the other members; where it finds fault, the item is not answered: half of an answer is none. Never throws.
 */
export function readEntries<T>(
  text: string,
  sent: readonly SentItem[],
  read: (members: { readonly [key: string]: Json }, item: SentItem | undefined) => Checked<T>,
): Entries<T> {
  const parsed = jsonIn(text);
  if (parsed.kind === 'error') return { kind: 'invalid', errors: [parsed.message] };
  const entries = membersOf(parsed.value)?.['items'];
  if (!Array.isArray(entries)) return { kind: 'invalid', errors: ['the answer has no array `items`'] };
  const errors: string[] = [];
  const counts = { duplicate: 0, foreign: 0, malformed: 0 };
  const values = new Map<number, T>();
  const items = new Map(sent.map((item) => [item.id, item]));
  for (const [index, entry] of (entries as readonly Json[]).entries()) {
    const members = membersOf(entry) ?? {};
    const id = idOf(members['id']);
    const value: Checked<T> =
      id === null ? { kind: 'error', message: '.id is not an integer' } : read(members, items.get(id));
    if (value.kind === 'error' || id === null) {
      counts.malformed += 1;
      errors.push(`items[${index}]${value.kind === 'error' ? value.message : ''}`);
    } else if (!items.has(id)) counts.foreign += 1;
    else if (values.has(id)) counts.duplicate += 1;
    else values.set(id, value.value);
  }
  const missing = sent.filter(({ id }) => !values.has(id)).map(({ id }) => id);
  if (missing.length > 0) errors.push(`no usable answer for item ${missing.slice(0, 40).join(', ')}`);
  const named = errors.slice(-MAX_ERRORS);
  if (values.size === 0 && sent.length > 0) return { kind: 'invalid', errors: named };
  return { kind: 'ok', values, missing, ...counts, errors: named };
}

/** What the entries come to: an answer for each item about which something was said. */
export function readingOf<T>(
  read: Entries<T>,
  sent: readonly SentItem[],
  answerOf: (item: SentItem, said: T) => Answer,
): Reading {
  if (read.kind === 'invalid') return read;
  const { values, missing, errors, duplicate, foreign, malformed } = read;
  const answers = new Map<number, Answer>();
  let unanchored = 0;
  for (const item of sent) {
    const said = values.get(item.id);
    if (said === undefined) continue;
    const answer = answerOf(item, said);
    unanchored += answer.unanchored;
    answers.set(item.id, answer);
  }
  const discarded = { duplicate, foreign, unanchored, repeated: 0, malformed };
  return { kind: 'ok', answers, missing, discarded, errors };
}

/** A number; as a string too, which some models write. */
function idOf(value: Json | undefined): number | null {
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}
