import type { Host } from '../host.ts';
import type { Progress } from '../report/progress.ts';
import type { Options } from './command.ts';

/** On stderr, unless `--quiet`. */
export async function progressFor(host: Host, options: Options): Promise<Progress> {
  const { createProgress, SILENT } = await import('../report/progress.ts');
  return options['quiet'] === true ? SILENT : createProgress(host.stderr, host.now);
}
