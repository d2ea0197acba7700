import type { Answer } from '../types/answer.ts';
import type { Json } from '../util/canonical.ts';
import { anchorAll } from './anchor.ts';
import { searchable } from './evidence.ts';
import type { Searchable } from './evidence.ts';
import { readEntries, readingOf } from './entries.ts';
import { checkFinding } from './finding.ts';
import type { Checked } from './finding.ts';
import type { RawFinding, Reading, SentItem } from './lens.ts';

/** Findings of one item that are read; a model that reports more of one function is rambling. */
const MAX_FINDINGS = 30;

/**
 * Reads `{items: [{id, findings}]}`, whole or not at all: the caller has looked at `finish_reason` and
 * hands over no cut answer. Every id that was sent ends up answered or missing; the first usable answer to
 * an id counts. An item with one malformed finding is not answered: half of an answer is none. Never
 * throws, whatever the text.
 */
export function readAnswer(text: string, sent: readonly SentItem[], categories: readonly string[]): Reading {
  const read = readEntries(text, sent, (members) => readFindings(members['findings'], categories));
  const textOf = searchableOnce();
  let repeated = 0;
  const reading = readingOf(read, sent, (item, raw): Answer => {
    const company = sent.filter(({ id, file }) => id !== item.id && file === item.file);
    const anchored = anchorAll(raw, item, company, textOf);
    repeated += anchored.repeated;
    const { findings, cites, unanchored } = anchored;
    return { status: 'complete', findings, cites, unanchored };
  });
  return reading.kind === 'invalid' ? reading : { ...reading, discarded: { ...reading.discarded, repeated } };
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

/** Each item's text is made searchable once, however many quotes are looked for in it. */
function searchableOnce(): (item: SentItem) => Searchable {
  const texts = new Map<number, Searchable>();
  return ({ id, text }) => {
    const made = texts.get(id) ?? searchable(text);
    texts.set(id, made);
    return made;
  };
}
