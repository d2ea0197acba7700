import { createPool } from '../pipeline/pool.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { resolveHome } from '../config/home.ts';
import type { Host } from '../host.ts';
import { reportJson } from '../report/json.ts';
import type { Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { absolutePath, textOption, wantsColor } from './common.ts';
import { askedBy, reviewerFor } from './reviewing.ts';

/** `cache why <file>`: its items, and what differs where an answer is missing. */
export async function cacheWhy(
  host: Host,
  [file = '']: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<string> {
  const [target] = await targetsFor(host, [absolutePath(host, file)], {
    flags: { 'llm.provider': textOption(options, 'provider'), 'llm.model': textOption(options, 'model') },
  });
  if (target === undefined) return '';
  const [{ openLayout }, { SILENT }, { whyFile }, { whyReportText }] = await Promise.all([
    import('../store/layout.ts'),
    import('../report/progress.ts'),
    import('../pipeline/cache/why.ts'),
    import('../report/why.ts'),
  ]);
  const layout = openLayout(resolveHome(host.env));
  const plan = { ...options, dryRun: true };
  const pool = createPool();
  const who = { host, layout, progress: SILENT, pool, targets: [target], options: plan };
  const reviewing = await reviewerFor(who);
  try {
    const report = await whyFile(host, layout, { target, pool, asked: askedBy(reviewing, target, host) });
    if (format === 'json') return reportJson(report);
    const shown = options['quiet'] === true ? { ...report, notices: [] } : report;
    return await whyReportText(shown, wantsColor(options, host.env, host.stdout));
  } finally {
    await reviewing.reviewer?.close();
    await pool.close();
  }
}
