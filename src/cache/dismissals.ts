import type { Dismissal, Finding } from '../types/finding.ts';
import { canonicalJson } from '../util/canonical.ts';
import { sha256 } from '../util/hash.ts';
import { byText } from '../util/order.ts';
import { printableJson } from '../util/printable.ts';
import { findingKey } from './finding-id.ts';

/** By the key of what they dismiss. */
export type Dismissals = ReadonlyMap<string, Dismissal>;

/** What keeps findings out of sight: what people dismissed, and comments in the code itself where it is trusted. */
export interface Silence {
  readonly dismissals: Dismissals;
  readonly comments: 'heard' | 'unheard';
}

export const NOTHING_SILENCED: Silence = { dismissals: new Map(), comments: 'heard' };

/** A file may come with a repository: what is longer was not written by this program. */
export const MOST_DISMISSALS = 10_000;
const LONGEST_TEXT = 4_000;
const LONGEST_REASON = 1_000;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

export interface ReadDismissals {
  readonly dismissals: readonly Dismissal[];
  /** 1-based numbers of lines that are none: a merge conflict, a mistake, what a newer program wrote. */
  readonly refused: readonly number[];
}

/** Reads JSON Lines, one dismissal each; blank lines are passed. What is no dismissal dismisses nothing. */
export function readDismissals(text: string): ReadDismissals {
  const dismissals: Dismissal[] = [];
  const refused: number[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const dismissal = dismissals.length < MOST_DISMISSALS ? readOne(line) : null;
    if (dismissal === null) refused.push(index + 1);
    else dismissals.push(dismissal);
  });
  return { dismissals, refused };
}

/** One dismissal a line, in an order that does not depend on when each was made: branches merge without conflict. */
export function writeDismissals(dismissals: Iterable<Dismissal>): string {
  return [...dismissals]
    .map(({ rule, path, item, quote, reason, at }) => printableJson({ rule, path, item, quote, reason, at }))
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

/** Of two for the same the later one in the list holds. */
export function byKey(dismissals: Iterable<Dismissal>): Map<string, Dismissal> {
  return new Map([...dismissals].map((dismissal) => [findingKey(dismissal), dismissal]));
}

/** `''` for none, else what tells one silence from another; the order in which dismissals were made does not count. */
export function silenceHash({ dismissals, comments }: Silence): string {
  const said = [...dismissals].map(([key, { reason, at }]) => [key, reason, at]);
  const sorted = said.sort(([a = ''], [b = '']) => byText(a, b));
  const hash = sorted.length === 0 ? '' : sha256(canonicalJson(sorted)).slice(0, 16);
  return comments === 'heard' ? hash : `${hash}!`;
}

/**
 * A finding as the silence leaves it: suppressed, with reason and time, or as the code says. That a file does not
 * parse is told in any case; what a second look refuted is silent already.
 */
export function silenced(finding: Finding, path: string, { dismissals, comments }: Silence): Finding {
  if (finding.refuted === true) return finding;
  const open = comments === 'heard' ? undismissed(finding) : unsuppressed(finding);
  if (dismissals.size === 0 || open.suppressed !== undefined || !canDismiss(finding)) return open;
  const found = dismissals.get(findingKey({ ...finding, path }));
  return found === undefined ? open : { ...open, suppressed: found.reason, dismissedAt: found.at };
}

export function canDismiss({ category }: Pick<Finding, 'category'>): boolean {
  return category !== 'syntax';
}

/** As the code has it: a comment may suppress it. */
function undismissed(finding: Finding): Finding {
  return finding.dismissedAt === undefined ? finding : unsuppressed(finding);
}

function unsuppressed(finding: Finding): Finding {
  const { suppressed: _reason, dismissedAt: _at, ...open } = finding;
  return open;
}

function readOne(line: string): Dismissal | null {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null) return null;
  const { rule, path, item, quote, reason, at } = value as Readonly<Record<string, unknown>>;
  if (!isText(rule, 200) || !isText(path, LONGEST_TEXT) || !isText(item, LONGEST_TEXT)) return null;
  if (!isText(quote, LONGEST_TEXT) || !isText(reason, LONGEST_REASON) || !isText(at, 30)) return null;
  if (rule === '' || reason.trim() === '' || !TIME.test(at)) return null;
  return { rule, path, item, quote, reason, at };
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
