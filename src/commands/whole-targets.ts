import type { FlagValues } from '../config/given.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Target } from '../pipeline/targets.ts';
import { targetsFor } from '../pipeline/targets.ts';
import type { Layout } from '../store/layout.ts';
import type { Options } from './command.ts';
import { absolutePath } from './common.ts';
import { trackedPaths } from './tracked-paths.ts';

/**
 * The repositories around the paths, with `--all` the tracked ones, without either the one around the current folder;
 * each as a whole, wherever in it one stands. `besides`: roots that belong to it in any case.
 */
export async function wholeTargets(
  host: Host,
  layout: Layout,
  paths: readonly string[],
  options: Options,
  { besides = [], flags = {} }: { readonly besides?: readonly string[]; readonly flags?: FlagValues } = {},
): Promise<Target[]> {
  const all = options['all'] === true;
  if (all && paths.length > 0)
    throw new UserError('usage', '--all takes no paths: it means the tracked repositories');
  const named = paths.length + besides.length === 0 ? ['.'] : paths;
  const roots = all ? await trackedPaths(host, layout, options) : named;
  const targets = await targetsFor(
    host,
    [...roots, ...besides].map((path) => absolutePath(host, path)),
    { flags },
  );
  return targets.map((target) => ({ ...target, prefixes: [''] }));
}
