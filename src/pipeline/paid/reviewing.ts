import { requireBudget } from '../../config/budget.ts';
import { keySource } from '../../config/key.ts';
import type { ProviderDecision, ProviderQuestion } from '../../config/provider.ts';
import { decideProvider } from '../../config/provider.ts';
import type { Host } from '../../host.ts';
import type { Progress } from '../../report/progress.ts';
import { agreements } from '../../store/agreements.ts';
import type { Layout } from '../../store/layout.ts';
import type { ParserPool } from '../pool.ts';
import type { ConsentQuestion } from './purchase.ts';
import type { Reviewer } from './reviewer.ts';
import type { Target } from '../targets.ts';

export interface ReviewingOptions extends Pick<ProviderQuestion, 'mode' | 'consent'> {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly pool: ParserPool;
  readonly targets: readonly Target[];
  readonly untrusted: boolean;
  readonly retryFailed: boolean;
  /** USD; undefined: the caps of the settings alone. */
  readonly budget?: number | undefined;
  /** Called before the first request of a provider that was not agreed to. */
  readonly askConsent: (question: ConsentQuestion) => Promise<boolean>;
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
export async function reviewingFor(options: ReviewingOptions): Promise<Reviewing> {
  const { host, layout, progress, pool, targets, budget, mode } = options;
  const decisions = targets.map((target) => decisionFor(options, target));
  const local = decisions.find((decision) => decision.kind === 'local');
  const [endpoint] = decisions;
  if (endpoint === undefined) return nobody('');
  if (local?.kind === 'local') return nobody(local.why);
  if (endpoint.kind === 'local') return nobody(endpoint.why);
  // A throw-away machine's caps say nothing: refused before any work is done.
  if (!endpoint.free && mode === 'run') requireBudget(host.env, budget);
  const { openReviewer } = await import('./reviewer.ts');
  const reviewer = await openReviewer({
    ...{ host, layout, progress, pool, endpoint, budget },
    untrusted: options.untrusted,
    retryFailed: options.retryFailed,
    send: mode === 'run' ? 'missing' : 'nothing',
    askConsent: options.askConsent,
  });
  return { reviewer, why: '' };
}

function nobody(why: string): Reviewing {
  return { reviewer: null, why };
}

/** Who is asked about one repository. Throws UserError where a provider was named and cannot be used. */
export function decisionFor(
  { host, layout, mode, consent }: Pick<ReviewingOptions, 'host' | 'layout' | 'mode' | 'consent'>,
  { config: { settings, origins } }: Target,
): ProviderDecision {
  const keyPresent = keySource(settings, host.env) !== null;
  return decideProvider({ settings, origins, keyPresent, agreements: agreements(layout), mode, consent });
}
