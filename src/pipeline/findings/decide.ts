import { join } from 'node:path';
import { byKey, canDismiss } from '../../cache/dismissals.ts';
import { findingKey } from '../../cache/finding-id.ts';
import { UserError } from '../../errors.ts';
import type { Located } from '../../report/select.ts';
import { changeDismissals, inTurn, loadDismissals } from '../../store/dismissals.ts';
import type { Layout } from '../../store/layout.ts';
import type { Dismissal } from '../../types/finding.ts';
import type { Notice } from '../../types/run.ts';
import type { Root } from '../../repo/root.ts';
import { grouped } from '../../util/numbers.ts';
import { ownFile, SHARED_FILE, sharedIn } from '../dismissals.ts';
import { writeShared } from './shared.ts';

/** Where a decision is kept: in this home, or in the repository's file. */
export type Where = 'own' | 'shared';

export interface Decision {
  readonly layout: Layout;
  readonly root: Root;
  readonly where: Where;
}

/** What was written, and where. */
export interface Decided {
  readonly where: Where;
  readonly file: string;
  readonly dismissals: readonly Dismissal[];
  readonly notices: readonly Notice[];
}

/** Dismisses findings for good; those that are dismissed already get the new reason. `at`: ISO 8601. */
export async function dismiss(
  decision: Decision,
  found: readonly Located[],
  { reason, at }: { readonly reason: string; readonly at: string },
): Promise<Decided> {
  const made = found.map((located) => dismissalOf(located, reason, at));
  const file = await change(decision, (before) => [...byKey([...before, ...made]).values()]);
  return { where: decision.where, file, dismissals: made, notices: [] };
}

/**
 * Takes dismissals back, and says which hold on because the other place keeps them too. Throws UserError `not-dismissed`
 * where one is not kept there.
 */
export async function restore(decision: Decision, found: readonly Located[]): Promise<Decided> {
  const keys = new Map(found.map((located) => [keyOf(located), located]));
  const there = byKey(kept(decision));
  for (const [key, located] of keys) if (!there.has(key)) throw notDismissed(decision, key, located);
  const file = await change(decision, (before) =>
    before.filter((dismissal) => !keys.has(findingKey(dismissal))),
  );
  const dismissals = [...keys.keys()].flatMap((key) => there.get(key) ?? []);
  return { where: decision.where, file, dismissals, notices: stillDismissed(decision, [...keys.keys()]) };
}

/**
 * Puts what this home dismissed into the repository's file, beside what is there; the home keeps its own. What stands
 * there as it is here is not told, and nothing is written for it.
 */
export async function share(layout: Layout, root: Root): Promise<Decided> {
  const { dismissals } = loadDismissals(ownFile(layout, root));
  const decision = { layout, root, where: 'shared' } as const;
  const there = byKey(sharedIn(root.root).dismissals);
  const news = [...byKey(dismissals)].filter(([key, { reason, at }]) => {
    const known = there.get(key);
    return known?.reason !== reason || known.at !== at;
  });
  const file =
    news.length === 0
      ? join(root.root, SHARED_FILE)
      : await change(decision, (before) => [...new Map([...byKey(before), ...news]).values()]);
  return { where: 'shared', file, dismissals: news.map(([, dismissal]) => dismissal), notices: [] };
}

function kept({ layout, root, where }: Decision): readonly Dismissal[] {
  return where === 'own' ? loadDismissals(ownFile(layout, root)).dismissals : sharedIn(root.root).dismissals;
}

async function change(
  { layout, root, where }: Decision,
  made: (before: readonly Dismissal[]) => readonly Dismissal[],
): Promise<string> {
  const own = ownFile(layout, root);
  // In turn by the home's file: a lock beside the repository's would lie among the sources.
  if (where === 'shared') return inTurn(own, () => writeShared(root.root, made));
  await changeDismissals(own, made);
  return own;
}

function keyOf({ path, finding }: Located): string {
  return findingKey({ ...finding, path });
}

function dismissalOf({ path, finding }: Located, reason: string, at: string): Dismissal {
  const { id, rule, item, quote, suppressed, refuted, dismissedAt } = finding;
  if (!canDismiss(finding)) {
    const message = `${id} says that ${path} does not parse whole, which cannot be dismissed`;
    throw new UserError('not-dismissable', message, 'Mend the code, or have the file ignored.');
  }
  if (suppressed !== undefined && dismissedAt === undefined) {
    const by = refuted === true ? 'a second look' : `a comment in ${path}`;
    const message = `${id} is suppressed by ${by} already`;
    throw new UserError('not-dismissable', message, 'Nothing is to be done.');
  }
  return { rule, path, item, quote, reason, at };
}

function notDismissed(decision: Decision, key: string, { path, finding }: Located): UserError {
  const { id, suppressed, dismissedAt } = finding;
  if (keptElsewhere(decision).has(key)) {
    const [place, how] = elsewhere(decision);
    return new UserError('not-dismissed', `${id} is dismissed ${place}`, `Restore it there ${how}.`);
  }
  if (suppressed !== undefined && dismissedAt === undefined) {
    const message = `${id} is not dismissed but suppressed by a comment in ${path}`;
    return new UserError('not-dismissed', message, 'Take the comment out.');
  }
  const hint = 'What is dismissed: rustassistant findings list';
  return new UserError('not-dismissed', `${id} is not dismissed`, hint);
}

/** Of dismissals that were taken back here, those that the other place keeps. */
function stillDismissed(decision: Decision, keys: readonly string[]): Notice[] {
  const other = keptElsewhere(decision);
  const count = keys.filter((key) => other.has(key)).length;
  if (count === 0) return [];
  const [place, how] = elsewhere(decision);
  const which = count === keys.length ? '' : `${grouped(count)} of ${grouped(keys.length)} `;
  const message = `${which}still dismissed ${place}; restore there ${how}`;
  return [{ code: 'still-dismissed', message }];
}

function keptElsewhere({ layout, root, where }: Decision): ReadonlyMap<string, Dismissal> {
  return byKey(kept({ layout, root, where: where === 'own' ? 'shared' : 'own' }));
}

/** The other place, and how a finding is restored there. */
function elsewhere({ where }: Decision): readonly [place: string, how: string] {
  return where === 'own' ? [`in ${SHARED_FILE}`, 'with --shared'] : ['on this machine', 'without --shared'];
}
