import type { Severity, SeverityCounts } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { countsOf } from '../util/severity.ts';
import type { ToldFinding } from './told.ts';

/** One file then and now. */
export interface FileChange {
  readonly before: readonly ToldFinding[];
  readonly now: readonly ToldFinding[];
  /** False while a model's answer is missing: what it said before is neither there nor mended. */
  readonly complete: boolean;
}

export interface Difference {
  /** Ids of the open findings that were not there, suppressed or open. */
  readonly added: ReadonlySet<string>;
  readonly new: SeverityCounts;
  /** Open findings that are there no more, in no file. */
  readonly fixed: SeverityCounts;
  /** By the place of its change, what stays to be compared with because nobody knows of it now. */
  readonly pending: readonly (readonly ToldFinding[])[];
}

/**
 * What is new and what is fixed. The same finding is known by its id; one that went to another file with its item, by
 * its key. What was suppressed and is not any more is new; what is suppressed now is not fixed.
 */
export function difference(changes: readonly FileChange[]): Difference {
  const arrived: ToldFinding[] = [];
  const gone: ToldFinding[] = [];
  const pending: ToldFinding[][] = [];
  for (const { before, now, complete } of changes) {
    const openBefore = new Set(before.filter(isOpen).map(({ id }) => id));
    const here = new Set(now.map(({ id }) => id));
    arrived.push(...now.filter((one) => isOpen(one) && !openBefore.has(one.id)));
    const missing = before.filter((one) => isOpen(one) && !here.has(one.id));
    pending.push(missing.filter(({ llm }) => llm && !complete));
    gone.push(...missing.filter(({ llm }) => !llm || complete));
  }
  const { added, fixed } = withoutMoved(arrived, gone);
  return { added: new Set(added.map(({ id }) => id)), new: countsOf(added), fixed: countsOf(fixed), pending };
}

/** Each finding that is gone answers for one of the same key that arrived. */
function withoutMoved(arrived: readonly ToldFinding[], gone: readonly ToldFinding[]) {
  const byKey = new Map<string, ToldFinding[]>();
  for (const one of gone) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const added = arrived.filter(({ key }) => byKey.get(key)?.pop() === undefined);
  return { added, fixed: [...byKey.values()].flat() };
}

/** `counts` less what `others` count. */
export function lessCounts(counts: SeverityCounts, ...others: readonly SeverityCounts[]): SeverityCounts {
  const less = (name: Severity): number => others.reduce((left, other) => left - other[name], counts[name]);
  return Object.fromEntries(SEVERITIES.map((name) => [name, less(name)])) as SeverityCounts;
}

function isOpen({ suppressed }: ToldFinding): boolean {
  return !suppressed;
}
