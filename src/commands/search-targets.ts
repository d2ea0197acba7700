import type { FlagValues } from '../config/given.ts';
import type { Host } from '../host.ts';
import { withRust } from '../pipeline/no-rust.ts';
import type { Target } from '../pipeline/targets.ts';
import { targetsFor } from '../pipeline/targets.ts';
import type { Layout } from '../store/layout.ts';
import type { Options } from './command.ts';
import { absolutePath } from './common.ts';
import { trackedPaths, wantsTracked } from './tracked-paths.ts';

export interface SearchScope {
  /** As given; a part of a repository narrows the search to it. */
  readonly paths: readonly string[];
  /** A root that belongs to it in any case. */
  readonly besides?: string | undefined;
  readonly flags?: FlagValues;
}

/**
 * What is to be searched: the paths, with `--all` the tracked repositories, without either the whole repository around
 * the current folder, wherever in it one stands. Throws UserError `usage`, `none-tracked`, `no-rust`.
 */
export async function searchTargets(
  host: Host,
  layout: Layout,
  options: Options,
  { paths, besides, flags = {} }: SearchScope,
): Promise<Target[]> {
  const named = wantsTracked(paths, options)
    ? await trackedPaths(host, layout, options)
    : paths.map((path) => absolutePath(host, path));
  const folders = named.length > 0 || besides !== undefined ? named : [host.cwd];
  const found = await targetsFor(host, folders, { flags });
  const targets = folders === named ? found : found.map((target) => ({ ...target, prefixes: [''] }));
  const isMissing = besides !== undefined && !targets.some(({ root }) => root.root === besides);
  if (isMissing) targets.push(...(await targetsFor(host, [besides], { flags })));
  return withRust(targets, folders.length > 0 ? folders : targets.map(({ root }) => root.root), hintFor);
}

function hintFor(below: readonly string[]): string {
  if (below.length === 0) return 'Go to a repository with Rust code, or name it.';
  return `Name one of those below it: ${below.join(', ')}; or search them all: rustassistant repo add --recursive <folder>, then --all.`;
}
