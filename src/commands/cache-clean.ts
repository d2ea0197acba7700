import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { existingLayout } from '../pipeline/home.ts';
import { reportJson } from '../report/json.ts';
import { byteSize } from '../util/numbers.ts';
import type { Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { askYesNo, canAsk } from './consent.ts';

/** `cache clean`: asks on a terminal, needs `--yes` without one. */
export async function cacheClean(
  host: Host,
  _args: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<string> {
  const [{ clean }, { footprint }, { cleanText }] = await Promise.all([
    import('../pipeline/cache/clean.ts'),
    import('../store/footprint.ts'),
    import('../report/cache.ts'),
  ]);
  const what = options['answers'] === true ? 'answers' : 'recreatable';
  const layout = existingLayout(resolveHome(host.env));
  const { total, byKind } = footprint(layout);
  const bytes = what === 'answers' ? total : total - byKind.answers - byKind.global - byKind.other;
  if (bytes > 0 && options['yes'] !== true) {
    const money =
      what === 'answers' ? ' The answers were paid for, and would have to be paid for again.' : '';
    await agreed(host, `Remove about ${byteSize(bytes)} below ${layout.cache}?${money} [y/N] `);
  }
  const report = await clean(layout, host, what);
  return format === 'json' ? reportJson(report) : cleanText(report);
}

async function agreed(host: Host, question: string): Promise<void> {
  if (!canAsk(host)) {
    const message = 'there is no terminal to ask on whether the cache may be removed';
    throw new UserError('no-consent', message, 'Agree with --yes. What would go: rustassistant cache stats');
  }
  if (!(await askYesNo(host, question))) {
    throw new UserError('no-consent', 'nothing was removed: it was not agreed to');
  }
}
