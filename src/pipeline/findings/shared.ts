import { join } from 'node:path';
import { writeDismissals } from '../../cache/dismissals.ts';
import { UserError } from '../../errors.ts';
import { requireWhole } from '../../store/dismissals.ts';
import type { Dismissal } from '../../types/finding.ts';
import { SHARED_FILE, sharedIn } from '../dismissals.ts';

/**
 * Writes the repository's file of dismissals, whole or not at all, and returns its path. Throws UserError
 * `dismissals-damaged` where something of it would be lost by that.
 */
export async function writeShared(
  root: string,
  made: (before: readonly Dismissal[]) => readonly Dismissal[],
): Promise<string> {
  const file = join(root, SHARED_FILE);
  const { dismissals, refused, unread } = sharedIn(root);
  if (unread !== '') {
    throw new UserError(
      'dismissals-damaged',
      `${file} is ${unread}`,
      'Put a plain file in its place, or none.',
    );
  }
  requireWhole(file, refused);
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(file, writeDismissals(made(dismissals)), { mode: 0o644 });
  return file;
}
