import type { Host } from '../host.ts';
import { reportJson } from '../report/json.ts';
import type { Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { absolutePath, textOption, verboseOf } from './common.ts';
import type { Told } from './models.ts';

/** `models pull`: a bar on a terminal tells how far it is. */
export async function modelsPull(
  host: Host,
  [name = '']: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<Told> {
  const [{ pullModel }, { modelsTakeText }, { createProgress, SILENT }] = await Promise.all([
    import('../pipeline/search/models-take.ts'),
    import('../report/models.ts'),
    import('../report/progress.ts'),
  ]);
  const progress = options['quiet'] === true ? SILENT : createProgress(host.stderr, () => host.now());
  const report = await pullModel(host, name, {
    name: textOption(options, 'name'),
    say: sayOf(host, options),
    progress,
  });
  return { text: format === 'json' ? reportJson(report) : modelsTakeText(report), status: 0 };
}

/** `models add`. */
export async function modelsAdd(
  host: Host,
  [folder = '']: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<Told> {
  const [{ addModel }, { modelsTakeText }] = await Promise.all([
    import('../pipeline/search/models-take.ts'),
    import('../report/models.ts'),
  ]);
  const report = await addModel(host, absolutePath(host, folder), {
    name: textOption(options, 'name'),
    say: sayOf(host, options),
  });
  return { text: format === 'json' ? reportJson(report) : modelsTakeText(report), status: 0 };
}

/** A person at a terminal hears it unasked, a log only under `--verbose`. */
function sayOf(host: Host, options: Options): (line: string) => void {
  if (host.stderr.isTTY !== true || options['quiet'] === true) return verboseOf(host, options);
  return (said) => void host.stderr.write(`${said}\n`);
}
