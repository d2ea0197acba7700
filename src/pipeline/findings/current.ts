import type { Host } from '../../host.ts';
import type { Progress } from '../../report/progress.ts';
import type { Report } from '../../report/model.ts';
import type { Layout } from '../../store/layout.ts';
import { afterCommand } from '../after.ts';
import { analyze } from '../analyze.ts';
import { reviewingFor } from '../paid/reviewing.ts';
import type { ParserPool } from '../pool.ts';
import type { Detail } from '../summary.ts';
import type { Target } from '../targets.ts';

export interface CurrentContext {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly pool: ParserPool;
  /** Hears what a person may want to know. */
  readonly note: (line: string) => void;
}

/**
 * What is known of repositories now: local rules worked out anew for files that have changed, and stored answers. As
 * `analyze --offline` does it: no request, whatever the settings say. `why`: why no model had a part in it, `''` where
 * one had.
 */
export async function currentReport(
  { host, layout, progress, pool, note }: CurrentContext,
  targets: readonly Target[],
  detail: Detail,
): Promise<{ readonly report: Report; readonly why: string }> {
  const { reviewer, why } = await reviewingFor({
    ...{ host, layout, progress, pool, targets },
    ...{ mode: 'offline', consent: 'none', untrusted: false, retryFailed: false },
    askConsent: () => Promise.resolve(false),
  });
  try {
    const context = { host, layout, progress, pool, reviewer };
    return {
      report: await analyze(context, { targets, since: null, detail, baseline: null, tells: 'nobody' }),
      why,
    };
  } finally {
    await reviewer?.close();
    const [first] = targets;
    if (first !== undefined) await afterCommand(host, layout, first.config.settings, note);
  }
}
