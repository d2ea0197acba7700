import { SEVERITIES } from '../types/finding.ts';
import type { RuleSetting } from '../types/finding.ts';

import type { Kind } from './kinds.ts';
import { listOf, oneOf, optional, ratio, size, text, usd, wholeNumber, yesNo } from './kinds.ts';
import { baseUrl } from './url.ts';

const PROVIDERS = ['auto', 'local', 'xai', 'openai-compatible'] as const;
export type Provider = (typeof PROVIDERS)[number];

const REASONING_EFFORTS = ['', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

const LENSES = ['review', 'safety'] as const;
export type LensName = (typeof LENSES)[number];

/** One row of the table below. */
export interface Key<T> {
  readonly kind: Kind<T>;
  readonly initial: NoInfer<T>;
  /** One line for the example file. */
  readonly about: string;
  /** The command line's name for it. */
  readonly flag?: string;
  /** Whether a repository's own file may set `asked` where the user has `current`; absent: never. */
  readonly repository?: (current: T, asked: T) => boolean;
  /** A bad value is not repeated in messages: a key may have been put there by mistake. */
  readonly private?: true;
}

const MAX_USD = 100_000;
/** The parser's own limit: a larger file could abort it. */
const MAX_FILE = 2 * 2 ** 20;
const PATH = text(
  /^(|(\/|~\/|[A-Za-z]:[\\/])[^\0\r\n]{1,4000})$/,
  'an absolute path, or one that begins with ~/',
);
const MODEL = text(/^[\x21-\x7e]{1,200}$/, 'the name of a model, without blanks');

/** Every key but those of `[rules]`, in the order of the example file. */
export const KEYS = {
  'llm.provider': row({
    kind: oneOf(PROVIDERS),
    initial: 'auto',
    about: 'auto (xai when a key is there and was agreed to, else local), local, xai or openai-compatible',
    flag: '--provider',
    repository: (_, asked) => asked === 'local',
  }),
  'llm.base_url': row({
    kind: baseUrl(),
    initial: '',
    about: 'where an openai-compatible server listens; no other provider reads it',
    private: true,
  }),
  'llm.model': row({ kind: MODEL, initial: 'grok-4.3', about: 'the model that is asked', flag: '--model' }),
  'llm.reasoning_effort': row({
    kind: oneOf(REASONING_EFFORTS),
    initial: 'low',
    about: 'none, minimal, low, medium, high or xhigh, as far as the model takes it; "" does not send it',
  }),
  'llm.key_env': row({
    kind: text(
      /^([A-Za-z_][A-Za-z0-9_]{0,127})?$/,
      'the name of an environment variable, not the key itself',
    ),
    initial: 'XAI_API_KEY',
    about: 'the environment variable with the key; XAI_API_KEY is only ever sent to api.x.ai',
    private: true,
  }),
  'llm.key_file': row({
    kind: PATH,
    initial: '',
    about: 'instead of key_env: a file of yours that holds nothing but the key, mode 0600',
    private: true,
  }),
  'llm.key_command': row({
    kind: text(/^[^\0]{0,4000}$/, 'a command line'),
    initial: '',
    about: 'instead of key_env: a command that prints the key; run by sh -c when a request is to be sent',
    private: true,
  }),
  'llm.price_input': row({
    kind: optional(usd(MAX_USD)),
    initial: null,
    about:
      'USD per million input tokens, where neither API nor catalogue tells; absent is unknown, 0 is free',
  }),
  'llm.price_cached_input': row({
    kind: optional(usd(MAX_USD)),
    initial: null,
    about: 'USD per million input tokens that the server had in its cache',
  }),
  'llm.price_output': row({
    kind: optional(usd(MAX_USD)),
    initial: null,
    about: 'USD per million output tokens',
  }),
  'llm.requests_per_minute': row({
    kind: wholeNumber(1, 10_000),
    initial: 60,
    about: 'requests started in a minute, at most',
    repository: lower,
  }),
  'llm.burst': row({
    kind: wholeNumber(1, 1000),
    initial: 10,
    about: 'requests that may start at once after a pause',
    repository: lower,
  }),
  'llm.concurrency': row({
    kind: wholeNumber(1, 64),
    initial: 4,
    about: 'requests under way at the same time, at most',
    flag: '--concurrency',
    repository: lower,
  }),
  // Not for a repository: smaller requests repeat the instructions more often, which costs more.
  'llm.request_tokens': row({
    kind: wholeNumber(1000, 200_000),
    initial: 12_000,
    about: 'items are packed into requests of up to this size',
  }),
  'budget.per_month': row({
    kind: usd(MAX_USD),
    initial: 3,
    about: 'USD; hard, over all processes of this home',
    repository: lower,
  }),
  'budget.per_week': row({ kind: usd(MAX_USD), initial: 1.5, about: 'USD', repository: lower }),
  'budget.per_day': row({ kind: usd(MAX_USD), initial: 0.75, about: 'USD', repository: lower }),
  'budget.per_run': row({
    kind: usd(MAX_USD),
    initial: 0.75,
    about: 'USD; --budget sets it for one run, up to the other three',
    repository: lower,
  }),
  'analysis.lenses': row({
    kind: listOf(LENSES),
    initial: ['review'],
    about:
      'the questions that the model is asked (review, safety); [] asks none, and local rules are all there is',
    flag: '--lens',
    repository: (current, asked) => asked.every((lens) => current.includes(lens)),
  }),
  'analysis.verify': row({
    kind: yesNo(),
    initial: true,
    about: 'whether grave findings of the model are put to a second request that tries to refute them',
    flag: '--no-verify',
    repository: (_, asked) => !asked,
  }),
  'analysis.include_tests': row({
    kind: yesNo(),
    initial: false,
    about: 'whether test code is sent too; it is measured locally in any case',
    repository: (_, asked) => !asked,
  }),
  'analysis.max_file_size': row({
    kind: size(1, MAX_FILE),
    initial: 2 ** 20,
    about: 'larger files are skipped, and counted as skipped',
    repository: lower,
  }),
  // Not for a repository, downwards either: a smaller cache throws away answers that were paid for.
  'cache.max_size': row({
    kind: size(1e6, 1e12),
    initial: 500e6,
    about: 'everything under the home together',
  }),
  'cache.high_watermark': row({
    kind: ratio(),
    initial: 0.9,
    about: 'pruning begins above this share of max_size',
  }),
  'cache.low_watermark': row({ kind: ratio(), initial: 0.75, about: 'and ends below this one' }),
  'cache.repository_quota': row({
    kind: ratio(),
    initial: 0.25,
    about: 'a repository above this share is pruned first while others need room',
  }),
  'tls.ca_file': row({
    kind: PATH,
    initial: '',
    about:
      'PEM certificates to trust beside the built-in ones, as of a company proxy or a server of your own',
  }),
  'embedding.model': row({ kind: MODEL, initial: 'builtin', about: 'the embedder of the search index' }),
} as const;

export type FlatKey = keyof typeof KEYS;

/** Every key's value under its name in the file. */
export type Values = {
  readonly [K in FlatKey]: (typeof KEYS)[K] extends Key<infer T> ? T : never;
};

export const RULE_KIND: Kind<RuleSetting> = oneOf(['off', ...SEVERITIES]);

/** Of a rule id; `constructor` and the like pass, so settings are looked up with care (see `settingsOf`). */
export const RULE_ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export function isKey(name: string): name is FlatKey {
  return Object.hasOwn(KEYS, name);
}

/** The names of the sections, in order. */
export const SECTIONS: readonly string[] = [
  ...['llm', 'budget', 'analysis', 'cache', 'tls', 'embedding', 'rules'],
];

/** Lets inference give each row its own type. */
function row<T>(key: Key<T>): Key<T> {
  return key;
}

function lower(current: number, asked: number): boolean {
  return asked <= current;
}
