import type { Answer } from '../types.ts';
import type { Json } from '../util/canonical.ts';
import { anchorAll } from './anchor.ts';
import type { Anchored } from './anchor.ts';
import { searchable } from './evidence.ts';
import type { Searchable } from './evidence.ts';
import { checkFinding, membersOf } from './finding.ts';
import { jsonIn } from './json.ts';
import type { Discarded, RawFinding, Reading, SentItem } from './lens.ts';

/** Findings of one item that are read; a model that reports more of one function is rambling. */
const MAX_FINDINGS = 30;
/** Errors that are named to the model. */
const MAX_ERRORS = 10;

type Counts = { -readonly [name in keyof Discarded]: Discarded[name] };

/**
 * Reads `{items: [{id, findings}]}`, whole or not at all: the caller has looked at `finish_reason` and
 * hands over no cut answer. Every id that was sent ends up answered or missing; the first usable answer to
 * an id counts. An item with one malformed finding is not answered: half of an answer is none. Never
 * throws, whatever the text.
 */
export function readAnswer(text: string, sent: readonly SentItem[], categories: readonly string[]): Reading {
  const parsed = jsonIn(text);
  if (parsed.kind === 'error') return { kind: 'invalid', errors: [parsed.message] };
  const entries = membersOf(parsed.value)?.['items'];
  if (!Array.isArray(entries)) return { kind: 'invalid', errors: ['the answer has no array `items`'] };

  const errors: string[] = [];
  const counts: Counts = { duplicate: 0, foreign: 0, unanchored: 0, repeated: 0, malformed: 0 };
  const raw = new Map<number, readonly RawFinding[]>();
  const ids = new Set(sent.map(({ id }) => id));
  for (const [index, entry] of (entries as readonly Json[]).entries()) {
    const read = readEntry(entry, categories);
    if (read.kind === 'error') {
      counts.malformed += 1;
      errors.push(`items[${index}]${read.message}`);
    } else if (!ids.has(read.id)) counts.foreign += 1;
    else if (raw.has(read.id)) counts.duplicate += 1;
    else raw.set(read.id, read.findings);
  }
  const missing = sent.filter(({ id }) => !raw.has(id)).map(({ id }) => id);
  if (missing.length > 0) errors.push(`no usable answer for item ${missing.slice(0, 40).join(', ')}`);
  const named = errors.slice(-MAX_ERRORS);
  if (raw.size === 0 && sent.length > 0) return { kind: 'invalid', errors: named };
  const answers = answersOf(raw, sent, counts);
  return { kind: 'ok', answers, missing, discarded: counts, errors: named };
}

type Entry =
  | { readonly kind: 'entry'; readonly id: number; readonly findings: readonly RawFinding[] }
  | { readonly kind: 'error'; readonly message: string };

function readEntry(entry: Json, categories: readonly string[]): Entry {
  const members = membersOf(entry);
  const id = idOf(members?.['id']);
  if (id === null) return { kind: 'error', message: '.id is not an integer' };
  const list = members?.['findings'];
  if (!Array.isArray(list)) return { kind: 'error', message: '.findings is not an array' };
  const findings: RawFinding[] = [];
  for (const [index, value] of (list as readonly Json[]).slice(0, MAX_FINDINGS).entries()) {
    const checked = checkFinding(value, categories);
    if (checked.kind === 'error')
      return { kind: 'error', message: `.findings[${index}]: ${checked.message}` };
    findings.push(checked.value);
  }
  return { kind: 'entry', id, findings };
}

/** A number; as a string too, which some models write. */
function idOf(value: Json | undefined): number | null {
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function answersOf(
  raw: ReadonlyMap<number, readonly RawFinding[]>,
  sent: readonly SentItem[],
  counts: Counts,
): Map<number, Answer> {
  const texts = new Map<number, Searchable>();
  const textOf = (item: SentItem): Searchable => {
    const text = texts.get(item.id) ?? searchable(item.text);
    texts.set(item.id, text);
    return text;
  };
  const answers = new Map<number, Answer>();
  for (const item of sent) {
    const findings = raw.get(item.id);
    if (findings === undefined) continue;
    const company = sent.filter(({ id, file }) => id !== item.id && file === item.file);
    const anchored: Anchored = anchorAll(findings, item, company, textOf);
    counts.unanchored += anchored.unanchored;
    counts.repeated += anchored.repeated;
    const { unanchored, cites } = anchored;
    answers.set(item.id, { status: 'complete', findings: anchored.findings, cites, unanchored });
  }
  return answers;
}
