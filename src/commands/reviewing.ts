import { describeSource, keySource } from '../config/key.ts';
import type { Host } from '../host.ts';
import type { Asked } from '../pipeline/paid/dry-run.ts';
import type { Reviewing, ReviewingOptions } from '../pipeline/paid/reviewing.ts';
import { reviewingFor } from '../pipeline/paid/reviewing.ts';
import type { Target } from '../pipeline/targets.ts';
import type { Options } from './command.ts';
import { askConsent, canAsk } from './consent.ts';

type Given = 'host' | 'layout' | 'progress' | 'pool' | 'targets' | 'budget';

export interface ReviewerOptions extends Pick<ReviewingOptions, Given> {
  readonly options: Options;
}

/** Who reviews, as the command line has it; a person at a terminal can be asked for consent. */
export function reviewerFor({ options, ...given }: ReviewerOptions): Promise<Reviewing> {
  const { host } = given;
  return reviewingFor({
    ...given,
    mode: modeOf(options),
    consent: options['yes'] === true ? 'yes' : canAsk(host) ? 'ask' : 'none',
    untrusted: options['untrusted'] === true,
    retryFailed: options['retryFailed'] === true,
    askConsent: (question) => askConsent(host, question),
  });
}

function modeOf(options: Options): ReviewingOptions['mode'] {
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
