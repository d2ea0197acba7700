import { SEVERITIES } from '../types/finding.ts';
import type { Json } from '../util/canonical.ts';
import { cleaned, cleanedLine } from './clean.ts';
import type { RawFinding } from './lens.ts';

const MAX_TITLE = 160;
const MAX_MESSAGE = 2000;
const MAX_QUOTE = 4000;
const MAX_RELATED = 8;

/** Small models fill a member that they must give with a comma. */
const SAYS = /\p{L}/u;

export type Checked<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'error'; readonly message: string };

type Members = { readonly [key: string]: Json };

/** The object that a value is, else null. */
export function membersOf(value: Json | undefined): Members | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

/**
 * One finding against the schema. Members that we did not ask for are ignored; `suggestion` and `related`
 * may be absent; `severity` and `category` may be in another case. The error names member and rule, never
 * the value.
 */
export function checkFinding(value: Json, categories: readonly string[]): Checked<RawFinding> {
  const members = membersOf(value);
  if (members === null) return { kind: 'error', message: 'not an object' };
  const absent = ['quote', 'severity', 'category', 'title', 'message'].find(
    (name) => typeof members[name] !== 'string',
  );
  if (absent !== undefined) return { kind: 'error', message: `${absent} is not a string` };
  const severity = oneOf(SEVERITIES, members['severity']);
  if (severity === null) return { kind: 'error', message: `severity is not one of ${SEVERITIES.join(', ')}` };
  const category = oneOf(categories, members['category']);
  if (category === null) {
    return { kind: 'error', message: `category is not one of ${categories.join(', ')}` };
  }
  const title = cleanedLine(textOr(members['title'], ''), MAX_TITLE);
  if (!SAYS.test(title)) return { kind: 'error', message: 'title says nothing' };
  const message = cleaned(textOr(members['message'], ''), MAX_MESSAGE);
  if (!SAYS.test(message)) return { kind: 'error', message: 'message says nothing' };
  const quote = textOr(members['quote'], '').slice(0, MAX_QUOTE);
  const suggestion = cleaned(textOr(members['suggestion'], ''), MAX_MESSAGE);
  const related = relatedOf(members['related']);
  const line = lineOf(members['line']);
  return { kind: 'value', value: { quote, severity, category, title, message, suggestion, related, line } };
}

/** The one of some words in small letters that a value is, in whatever case; null where it is none. */
export function oneOf<T extends string>(words: readonly T[], value: Json | undefined): T | null {
  const said = textOr(value, '').trim().toLowerCase();
  return words.find((word) => word === said) ?? null;
}

function textOr(value: Json | undefined, other: string): string {
  return typeof value === 'string' ? value : other;
}

function relatedOf(value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[])
    .slice(0, MAX_RELATED)
    .filter((quote) => typeof quote === 'string')
    .map((quote) => quote.slice(0, MAX_QUOTE));
}

function lineOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : null;
}
