import { UserError } from '../errors.ts';
import { endpointOf } from './endpoint.ts';
import type { Origins } from './load.ts';
import { describeOrigin } from './origin.ts';
import type { Provider } from './keys.ts';
import type { Settings } from './schema.ts';
import { hostOf, isLoopback, originOf } from './url.ts';

export type ProviderDecision =
  | { readonly kind: 'local'; readonly why: string }
  | {
      readonly kind: 'llm';
      readonly provider: 'xai' | 'openai-compatible';
      readonly baseUrl: string;
      readonly model: string;
      /** False: nothing may be sent before the question (host, items, estimate, worst case) is answered with yes. */
      readonly agreed: boolean;
      /** The user's own prices for this server are all 0; the server may still tell another. */
      readonly free: boolean;
    };

export interface ProviderQuestion {
  readonly settings: Settings;
  readonly origins: Origins;
  /** Whether `keySource` names one. */
  readonly keyPresent: boolean;
  /** What this home has agreed to so far, as `agreementFor` names it. */
  readonly agreements: readonly string[];
  /** `plan` (`--dry-run`) needs neither key nor consent; `offline` shows stored answers and sends nothing. */
  readonly mode: 'run' | 'plan' | 'offline';
  /** `yes` (`--yes`) or a person at a terminal who can be asked, or neither. */
  readonly consent: 'yes' | 'ask' | 'none';
}

/** What an agreement is remembered under: scheme, host and port. Another host is another question. */
export function agreementFor(baseUrl: string): string {
  return originOf(baseUrl);
}

/**
 * Who does the review, as the consent rules have it: a key in the environment is not consent. Without a
 * terminal, `provider` must be named in the user's own file or on the command line.
 * Throws a `UserError` where a provider was asked for by name and cannot be used.
 */
export function decideProvider(question: ProviderQuestion): ProviderDecision {
  const { settings, origins } = question;
  const { provider } = settings.llm;
  const baseUrl = endpointOf(settings.llm);
  if (provider === 'local') return { kind: 'local', why: setBy('local', origins) };
  if (!asksAnything(settings)) return { kind: 'local', why: noQuestion(origins) };
  if (baseUrl === null)
    throw new UserError('bad-config', 'llm.base_url is not set', 'Let it name the address of the server.');
  return provider === 'auto' ? decideAuto(question, baseUrl) : decideNamed(question, provider, baseUrl);
}

/** Whether the settings name a question that is asked. */
export function asksAnything({ analysis }: Settings): boolean {
  return analysis.lenses.length > 0;
}

/** Set for people who run without a terminal: in a file or on the command line, not by a variable that came along. */
export function isNamed(provider: Provider, origins: Origins): boolean {
  const { kind } = origins['llm.provider'];
  return provider !== 'auto' && (kind === 'user' || kind === 'flag');
}

function decideAuto(question: ProviderQuestion, baseUrl: string): ProviderDecision {
  const { settings, keyPresent, consent, mode } = question;
  const known = question.agreements.includes(agreementFor(baseUrl));
  if (mode === 'plan') return review(question, baseUrl, known);
  if (!keyPresent && !(mode === 'offline' && known)) return { kind: 'local', why: noKey(settings) };
  if (mode === 'offline' || known || consent === 'yes') return review(question, baseUrl, true);
  if (consent === 'ask') return review(question, baseUrl, false);
  const why = `there is a key, but sending code to ${hostOf(baseUrl)} was not agreed to (--provider xai or --yes agrees)`;
  return { kind: 'local', why };
}

function decideNamed(question: ProviderQuestion, provider: Provider, baseUrl: string): ProviderDecision {
  const { settings, origins, keyPresent, consent, mode } = question;
  const known = question.agreements.includes(agreementFor(baseUrl));
  if (mode !== 'run') return review(question, baseUrl, known);
  if (provider === 'xai' && !keyPresent) {
    throw new UserError(
      'no-key',
      `${setBy(provider, origins)}, but ${noKey(settings)}`,
      'Set the key, or use --provider local.',
    );
  }
  const harmless = isFree(settings) && isLoopback(baseUrl);
  if (known || harmless || consent === 'yes') return review(question, baseUrl, true);
  if (consent === 'ask') return review(question, baseUrl, false);
  if (isNamed(provider, origins)) return review(question, baseUrl, true);
  const hint = `Agree with --yes, or with --provider ${provider} or llm.provider in your config.toml.`;
  throw new UserError(
    'no-consent',
    `sending code to ${hostOf(baseUrl)} was not agreed to, and there is no terminal to ask on`,
    hint,
  );
}

function review({ settings }: ProviderQuestion, baseUrl: string, agreed: boolean): ProviderDecision {
  const { provider, model } = settings.llm;
  return {
    kind: 'llm',
    provider: provider === 'openai-compatible' ? provider : 'xai',
    baseUrl,
    model,
    agreed,
    free: isFree(settings),
  };
}

function isFree({ llm }: Settings): boolean {
  if (llm.provider !== 'openai-compatible') return false;
  return llm.priceInput === 0 && llm.priceOutput === 0 && (llm.priceCachedInput ?? 0) === 0;
}

function noKey({ llm }: Settings): string {
  if (llm.keyEnv !== '') return `${llm.keyEnv} is not set`;
  return 'no key is configured';
}

function noQuestion(origins: Origins): string {
  return `analysis.lenses names no question (${describeOrigin(origins['analysis.lenses'])})`;
}

function setBy(provider: Provider, origins: Origins): string {
  return `provider "${provider}" is set (${describeOrigin(origins['llm.provider'])})`;
}
