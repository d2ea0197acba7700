import type { Answer } from '../types.ts';
import type { Json } from '../util/canonical.ts';
import { anchorAll } from './anchor.ts';
import type { Anchored } from './anchor.ts';
import { searchable } from './evidence.ts';
import type { Searchable } from './evidence.ts';
import { readEntries } from './entries.ts';
import { checkFinding } from './finding.ts';
import type { Checked } from './finding.ts';
import type { Discarded, RawFinding, Reading, SentItem } from './lens.ts';

/** Findings of one item that are read; a model that reports more of one function is rambling. */
const MAX_FINDINGS = 30;

type Counts = { -readonly [name in keyof Discarded]: Discarded[name] };

/**
 * Reads `{items: [{id, findings}]}`, whole or not at all: the caller has looked at `finish_reason` and
 * hands over no cut answer. Every id that was sent ends up answered or missing; the first usable answer to
 * an id counts. An item with one malformed finding is not answered: half of an answer is none. Never
 * throws, whatever the text.
 */
export function readAnswer(text: string, sent: readonly SentItem[], categories: readonly string[]): Reading {
  const read = readEntries(text, sent, (members) => readFindings(members['findings'], categories));
  if (read.kind === 'invalid') return read;
  const { values, missing, errors, duplicate, foreign, malformed } = read;
  const counts: Counts = { duplicate, foreign, unanchored: 0, repeated: 0, malformed };
  const answers = answersOf(values, sent, counts);
  return { kind: 'ok', answers, missing, discarded: counts, errors };
}

function readFindings(list: Json | undefined, categories: readonly string[]): Checked<readonly RawFinding[]> {
  if (!Array.isArray(list)) return { kind: 'error', message: '.findings is not an array' };
  const findings: RawFinding[] = [];
  for (const [index, value] of (list as readonly Json[]).slice(0, MAX_FINDINGS).entries()) {
    const checked = checkFinding(value, categories);
    if (checked.kind === 'error')
      return { kind: 'error', message: `.findings[${index}]: ${checked.message}` };
    findings.push(checked.value);
  }
  return { kind: 'value', value: findings };
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
