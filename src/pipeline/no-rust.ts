import { UserError } from '../errors.ts';
import { holdsRust, repositoriesBelow } from '../repo/below.ts';
import { liesIn } from '../repo/real-path.ts';
import type { Target } from './targets.ts';

/** So many repositories are named. */
const NAMED = 20;

/**
 * Those of the targets with Rust code in them. Throws UserError `no-rust` where none is: a folder of repositories is
 * none itself, so that `hint` is told which stand below the folders.
 */
export function withRust(
  targets: readonly Target[],
  folders: readonly string[],
  hint: (below: readonly string[]) => string,
): Target[] {
  const found = targets.filter(({ root }) => holdsRust(root));
  if (found.length > 0) return found;
  const below: string[] = [];
  for (const folder of folders) {
    for (const { root } of repositoriesBelow(folder)) {
      if (below.length === NAMED) break;
      if (liesIn(folder, root)) below.push(root);
    }
  }
  throw new UserError('no-rust', `there is no Rust file in ${folders.join(', ')} itself`, hint(below));
}
