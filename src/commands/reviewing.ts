import type { Target } from '../pipeline/targets.ts';
import { requireBudget } from '../config/budget.ts';
import { describeSource, keySource } from '../config/key.ts';
import { decideProvider } from '../config/provider.ts';
import type { ProviderDecision } from '../config/provider.ts';
import type { Host } from '../host.ts';
import type { Asked } from '../pipeline/dry-run.ts';
import type { ParserPool } from '../pipeline/pool.ts';
import type { Reviewer } from '../pipeline/reviewer.ts';
import type { Progress } from '../report/progress.ts';
import { agreements } from '../store/agreements.ts';
import type { Layout } from '../store/layout.ts';
import type { Options } from './command.ts';
import { askConsent, canAsk } from './consent.ts';

export interface ReviewingOptions {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly pool: ParserPool;
  readonly targets: readonly Target[];
  readonly options: Options;
  /** `--budget`, USD. */
  readonly budget?: number | undefined;
}

export interface Reviewing {
  readonly reviewer: Reviewer | null;
  /** Why the LLM has no part in it; `''` where it has. */
  readonly why: string;
}

/**
 * Who reviews: decided by settings, key and consent, before anything is read. Where a repository's own file
 * switches the LLM off, it is off for the whole run.
 */
export async function reviewerFor({
  host,
  layout,
  progress,
  pool,
  targets,
  options,
  budget,
}: ReviewingOptions): Promise<Reviewing> {
  const decisions = targets.map((target) => decisionFor(host, layout, target, options));
  const local = decisions.find((decision) => decision.kind === 'local');
  const [endpoint] = decisions;
  if (endpoint === undefined) return nobody('');
  if (local?.kind === 'local') return nobody(local.why);
  if (endpoint.kind === 'local') return nobody(endpoint.why);
  // A throw-away machine's caps say nothing: refused before any work is done.
  if (!endpoint.free && modeOf(options) === 'run') requireBudget(host.env, budget);
  const { openReviewer } = await import('../pipeline/reviewer.ts');
  const reviewer = await openReviewer({
    host,
    layout,
    progress,
    pool,
    endpoint,
    budget,
    untrusted: options['untrusted'] === true,
    retryFailed: options['retryFailed'] === true,
    send: modeOf(options) === 'run' ? 'missing' : 'nothing',
    askConsent: (question) => askConsent(host, question),
  });
  return { reviewer, why: '' };
}

function nobody(why: string): Reviewing {
  return { reviewer: null, why };
}

function decisionFor(host: Host, layout: Layout, { config }: Target, options: Options): ProviderDecision {
  const { settings, origins } = config;
  return decideProvider({
    settings,
    origins,
    keyPresent: keySource(settings, host.env) !== null,
    agreements: agreements(layout),
    mode: modeOf(options),
    consent: options['yes'] === true ? 'yes' : canAsk(host) ? 'ask' : 'none',
  });
}

function modeOf(options: Options): 'run' | 'plan' | 'offline' {
  if (options['dryRun'] === true) return 'plan';
  return options['offline'] === true ? 'offline' : 'run';
}

/** The same for what only plans: who would be asked, and where the key would come from. */
export function askedBy(
  { reviewer, why }: Reviewing,
  { config }: Target,
  host: Host,
): Asked | { readonly off: string } {
  if (reviewer === null) return { off: why };
  const source = keySource(config.settings, host.env);
  return { reviewer, key: source === null ? null : describeSource(source) };
}
