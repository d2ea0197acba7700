import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Layout } from '../store/layout.ts';
import type { Options } from './command.ts';
import { shellWord } from '../util/shell.ts';
import { noteOf } from './common.ts';

/** Whether the tracked repositories are meant. Throws a UserError where paths are named too. */
export function wantsTracked(paths: readonly string[], options: Options): boolean {
  if (options['all'] !== true) return false;
  if (paths.length === 0) return true;
  throw new UserError('usage', '--all takes no paths: it means the tracked repositories');
}

/** What `--all` means. A repository that is gone is said, and does not keep the others from their turn. */
export async function trackedPaths(host: Host, layout: Layout, options: Options): Promise<string[]> {
  const { listTracked } = await import('../pipeline/tracked.ts');
  const note = noteOf(host, options);
  const { repositories } = await listTracked(layout);
  for (const { path, there } of repositories) {
    if (!there) note(`${path} is not there any more. See: rustassistant repo remove ${shellWord(path)}`);
  }
  const paths = repositories.filter(({ there }) => there).map(({ path }) => path);
  if (paths.length > 0) return paths;
  const hint = 'Track some first: rustassistant repo add --recursive ~/code';
  throw new UserError('none-tracked', '--all means the tracked repositories, and none is', hint);
}
