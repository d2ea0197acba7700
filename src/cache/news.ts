import type { Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';
import type { ToldFinding } from './told.ts';

/** One file then and now. */
export interface FileChange {
  readonly before: readonly ToldFinding[];
  readonly now: readonly ToldFinding[];
  /** False while a model's answer is missing: what it said before is neither there nor mended. */
  readonly complete: boolean;
}

export type Counts = Readonly<Record<Severity, number>>;

export interface Difference {
  /** Ids of the open findings that were not there, suppressed or open. */
  readonly added: ReadonlySet<string>;
  readonly new: Counts;
  /** Open findings that are there no more, in no file. */
  readonly fixed: Counts;
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
  return { added: new Set(added.map(({ id }) => id)), new: counted(added), fixed: counted(fixed), pending };
}

/** Each finding that is gone answers for one of the same key that arrived. */
function withoutMoved(arrived: readonly ToldFinding[], gone: readonly ToldFinding[]) {
  const byKey = new Map<string, ToldFinding[]>();
  for (const one of gone) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const added = arrived.filter(({ key }) => byKey.get(key)?.pop() === undefined);
  return { added, fixed: [...byKey.values()].flat() };
}

export function counted(findings: readonly Pick<ToldFinding, 'severity'>[]): Counts {
  const counts = Object.fromEntries(SEVERITIES.map((name) => [name, 0])) as Record<Severity, number>;
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** `counts` less what `others` count. */
export function lessCounts(counts: Counts, ...others: readonly Counts[]): Counts {
  const less = (name: Severity): number => others.reduce((left, other) => left - other[name], counts[name]);
  return Object.fromEntries(SEVERITIES.map((name) => [name, less(name)])) as Record<Severity, number>;
}

function isOpen({ suppressed }: ToldFinding): boolean {
  return !suppressed;
}
