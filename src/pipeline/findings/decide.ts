import { join } from 'node:path';
import { byKey, canDismiss } from '../../cache/dismissals.ts';
import { findingKey } from '../../cache/finding-id.ts';
import { UserError } from '../../errors.ts';
import type { Located } from '../../report/select.ts';
import { changeDismissals, inTurn, loadDismissals } from '../../store/dismissals.ts';
import type { Layout } from '../../store/layout.ts';
import type { Dismissal } from '../../types.ts';
import type { Root } from '../../repo/root.ts';
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
  readonly file: string;
  readonly dismissals: readonly Dismissal[];
}

/** Dismisses findings for good; those that are dismissed already get the new reason. `at`: ISO 8601. */
export async function dismiss(
  decision: Decision,
  found: readonly Located[],
  { reason, at }: { readonly reason: string; readonly at: string },
): Promise<Decided> {
  const made = found.map((located) => dismissalOf(located, reason, at));
  const file = await change(decision, (before) => [...byKey([...before, ...made]).values()]);
  return { file, dismissals: made };
}

/** Takes dismissals back. Throws UserError `not-dismissed` where one is not kept there. */
export async function restore(decision: Decision, found: readonly Located[]): Promise<Decided> {
  const keys = new Map(found.map((located) => [keyOf(located), located]));
  const there = byKey(kept(decision));
  for (const [key, { finding }] of keys) if (!there.has(key)) throw notDismissed(decision, key, finding.id);
  const file = await change(decision, (before) =>
    before.filter((dismissal) => !keys.has(findingKey(dismissal))),
  );
  return { file, dismissals: [...keys.keys()].flatMap((key) => there.get(key) ?? []) };
}

/** Puts what this home dismissed into the repository's file, beside what is there; the home keeps its own. */
export async function share(layout: Layout, root: Root): Promise<Decided> {
  const { dismissals } = loadDismissals(ownFile(layout, root));
  const own = byKey(dismissals);
  const decision = { layout, root, where: 'shared' } as const;
  const file = await change(decision, (before) => [...new Map([...byKey(before), ...own]).values()]);
  return { file, dismissals: [...own.values()] };
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

function notDismissed({ layout, root, where }: Decision, key: string, id: string): UserError {
  const other = byKey(kept({ layout, root, where: where === 'own' ? 'shared' : 'own' })).has(key);
  if (!other) {
    const hint = 'What is dismissed: rustassistant findings list';
    return new UserError('not-dismissed', `${id} is not dismissed`, hint);
  }
  const [place, how] =
    where === 'own'
      ? [join(root.root, SHARED_FILE), 'Restore it there with --shared.']
      : ['this home, not in the repository', 'Leave out --shared.'];
  return new UserError('not-dismissed', `${id} is dismissed in ${place}`, how);
}
