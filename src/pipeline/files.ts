import type { Target } from './targets.ts';
import type { Host } from '../host.ts';
import { gitSettings } from '../repo/git-config.ts';
import type { Changes } from '../repo/history.ts';
import type { Walk, WalkOptions } from '../repo/walk.ts';
import { walk } from '../repo/walk.ts';
import { byPath } from '../util/order.ts';

/** Everything that was asked for of one repository, each file once. */
export async function walkTarget(
  { root, prefixes, config }: Target,
  env: Host['env'],
  onFound?: WalkOptions['onFound'],
): Promise<Walk> {
  const git = await gitSettings(root, env);
  const walks: Walk[] = [];
  for (const prefix of prefixes) {
    walks.push(
      await walk(root, {
        prefix,
        maxFileSize: config.settings.analysis.maxFileSize,
        gitExcludesFile: git.excludesFile,
        ignoreCase: git.ignoreCase,
        ...(onFound === undefined ? {} : { onFound }),
      }),
    );
  }
  const [only] = walks;
  const notices = [...root.notices, ...git.notices, ...walks.flatMap((one) => one.notices)];
  if (only !== undefined && walks.length === 1) return { ...only, notices };
  return {
    files: unique(walks.flatMap(({ files }) => files)),
    skipped: unique(walks.flatMap(({ skipped }) => skipped)),
    boundaries: [...new Set(walks.flatMap(({ boundaries }) => boundaries))].sort(),
    notices,
  };
}

/** A walk's files, less those that are as they were. */
export function onlyChanged(found: Walk, changes: Changes): Walk {
  return {
    ...found,
    files: found.files.filter(({ path }) => changes.has(path)),
    skipped: found.skipped.filter(({ path }) => changes.has(path)),
  };
}

/** Tells of a stored file whether it lies within what was walked and was not found there. */
export function goneFrom(found: Walk, prefixes: readonly string[]): (path: string) => boolean {
  const present = new Set(found.files.map(({ path }) => path));
  const inside = insideOf(prefixes);
  return (path) => !present.has(path) && inside(path);
}

/** Tells whether a path, relative to the root, lies in what was asked for of the repository. */
export function insideOf(prefixes: readonly string[]): (path: string) => boolean {
  if (prefixes.includes('')) return () => true;
  return (path) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** Folders given may lie in one another. */
function unique<T extends { readonly path: string }>(files: readonly T[]): T[] {
  const distinct = new Map(files.map((file) => [file.path, file]));
  return [...distinct.values()].sort(byPath);
}
