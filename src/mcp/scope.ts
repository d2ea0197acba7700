import { isAbsolute, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { withRust } from '../pipeline/no-rust.ts';
import type { Target } from '../pipeline/targets.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { discoverRoot } from '../repo/root.ts';
import { liesIn, realPath } from '../repo/real-path.ts';

/** What a call may read: folders (canonical), and with `--all` the tracked repositories. */
export interface Scope {
  readonly roots: readonly string[];
  readonly tracked: readonly string[];
}

/**
 * The repositories that a call means, each with the part of it that may be read: what the paths name, without any all
 * that may be read. Throws UserError `outside-roots`, `path-not-found`, `no-rust`.
 */
export async function targetsIn(host: Host, scope: Scope, paths: readonly string[]): Promise<Target[]> {
  if (paths.length > 0)
    return targetsFor(
      host,
      paths.map((path) => allowedPath(scope, path)),
    );
  const targets = await targetsFor(host, [...scope.roots, ...scope.tracked]);
  return withRust(targets, scope.roots, (below) =>
    below.length === 0 ? '' : `Name a repository in "paths": ${below.join(', ')}.`,
  );
}

/**
 * Canonical, so that no link leads out. A relative path is looked for in each folder, and in the repository around it:
 * answers name files from there.
 */
function allowedPath({ roots, tracked }: Scope, path: string): string {
  const allowed = [...roots, ...tracked];
  const bases = [...allowed, ...allowed.map((folder) => discoverRoot(folder).root)];
  const candidates = isAbsolute(path) ? [path] : bases.map((base) => resolve(base, path));
  for (const candidate of candidates) {
    const real = realPath(candidate);
    if (real !== null && allowed.some((folder) => liesIn(folder, real))) return real;
  }
  const named = allowed.join(', ');
  // Whether something is there is said of what may be read alone.
  const absent = candidates.some(
    (candidate) => realPath(candidate) === null && allowed.some((folder) => liesIn(folder, candidate)),
  );
  if (absent)
    throw new UserError('path-not-found', `${path} does not exist`, `It was looked for in ${named}.`);
  throw new UserError('outside-roots', `${path} is outside of what may be read`, `May be read: ${named}.`);
}
