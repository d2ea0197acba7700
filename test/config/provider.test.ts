import { describe, expect, it } from 'vitest';
import { agreementFor, decideProvider } from '../../src/config/provider.ts';
import type { ProviderQuestion } from '../../src/config/provider.ts';
import { load, refusal } from './support.ts';
import type { Sources } from './support.ts';

type Asked = Partial<Omit<ProviderQuestion, 'settings' | 'origins'>>;

/** A key, no agreement, nobody to ask, unless said otherwise. */
async function decide(sources: Sources, asked: Asked = {}) {
  const { settings, origins } = await load(sources);
  return decideProvider({
    settings,
    origins,
    keyPresent: true,
    agreements: [],
    mode: 'run',
    consent: 'none',
    ...asked,
  });
}

async function check(sources: Sources, asked: Asked, expected: string) {
  let text: string;
  try {
    const decision = await decide(sources, asked);
    text =
      decision.kind === 'local'
        ? `local: ${decision.why}`
        : `${decision.provider} ${decision.baseUrl} ${decision.model} ${decision.agreed ? 'agreed' : 'to be asked'}`;
  } catch (error) {
    text = await refusal(Promise.reject(error as Error));
  }
  expect(text).toBe(expected);
}

const XAI = 'xai https://api.x.ai/v1 grok-4.3';
const AGREED = ['https://api.x.ai'];
const SAID_NO =
  'local: there is a key, but sending code to api.x.ai was not agreed to (--provider xai or --yes agrees)';
const own = '[llm]\nprovider = "openai-compatible"\nbase_url = "http://localhost:8080/v1"\nmodel = "qwen"\n';

describe('auto', () => {
  it('is local without a key', () => check({}, { keyPresent: false }, 'local: XAI_API_KEY is not set'));
  it('is local without a key, whatever was agreed to', () =>
    check({}, { keyPresent: false, agreements: AGREED, consent: 'yes' }, 'local: XAI_API_KEY is not set'));
  it('does not take a key for consent', () => check({}, {}, SAID_NO));
  it('does not take another host for this one', () => check({}, { agreements: ['https://x.ai'] }, SAID_NO));
  it('asks at a terminal', () => check({}, { consent: 'ask' }, `${XAI} to be asked`));
  it('takes --yes for an answer', () => check({}, { consent: 'yes' }, `${XAI} agreed`));
  it('remembers', () => check({}, { agreements: AGREED }, `${XAI} agreed`));
  it('written into the file is no agreement', () => check({ user: '[llm]\nprovider = "auto"' }, {}, SAID_NO));
  it('never means a server of my own', () =>
    check(
      { user: own.replace('openai-compatible', 'auto') },
      { agreements: AGREED },
      'xai https://api.x.ai/v1 qwen agreed',
    ));
});

describe('a provider by name', () => {
  const named = { user: '[llm]\nprovider = "xai"' };
  it('in the file stands for consent without a terminal', () => check(named, {}, `${XAI} agreed`));
  it('on the command line too', () => check({ flags: { 'llm.provider': 'xai' } }, {}, `${XAI} agreed`));
  it('is still asked about at a terminal, the first time', async () => {
    await check(named, { consent: 'ask' }, `${XAI} to be asked`);
    await check(named, { consent: 'ask', agreements: AGREED }, `${XAI} agreed`);
  });
  it('in a variable is no consent', () =>
    check(
      { env: { RUSTASSISTANT_LLM_PROVIDER: 'xai' } },
      {},
      'no-consent: sending code to api.x.ai was not agreed to, and there is no terminal to ask on\n> Agree with --yes, or with --provider xai or llm.provider in your config.toml.',
    ));
  it('needs its key', () =>
    check(
      named,
      { keyPresent: false },
      'no-key: provider "xai" is set (config.toml:2), but XAI_API_KEY is not set\n> Set the key, or use --provider local.',
    ));
  it('of my own needs none', () =>
    check({ user: own }, { keyPresent: false }, 'openai-compatible http://localhost:8080/v1 qwen agreed'));
  it('that costs nothing and is on this machine is not asked about', async () => {
    const free = `${own}price_input = 0\nprice_output = 0`;
    const asked = { consent: 'ask', keyPresent: false } as const;
    await check({ user: free }, asked, 'openai-compatible http://localhost:8080/v1 qwen agreed');
    await check({ user: own }, asked, 'openai-compatible http://localhost:8080/v1 qwen to be asked');
    const remote = free.replace('localhost', '192.168.1.2');
    await check({ user: remote }, asked, 'openai-compatible http://192.168.1.2:8080/v1 qwen to be asked');
    expect(await decide({ user: free })).toMatchObject({ free: true });
    expect(await decide({ user: own })).toMatchObject({ free: false });
  });
});

describe('local', () => {
  it('says who set it', async () => {
    await check({ flags: { 'llm.provider': 'local' } }, {}, 'local: provider "local" is set (--provider)');
    await check(
      { repository: '[llm]\nprovider = "local"' },
      { agreements: AGREED },
      'local: provider "local" is set (.rustassistant.toml:2)',
    );
  });
});

describe('a list of questions that names none', () => {
  const why = 'local: analysis.lenses names no question';
  it('asks nobody, and says who set it', async () => {
    const yes = { agreements: AGREED, consent: 'yes' } as const;
    await check({ user: '[analysis]\nlenses = []' }, yes, `${why} (config.toml:2)`);
    await check({ repository: '[analysis]\nlenses = []' }, yes, `${why} (.rustassistant.toml:2)`);
    await check({ flags: { 'analysis.lenses': '' } }, yes, `${why} (--lens)`);
    await check({ flags: { 'analysis.lenses': 'review' } }, yes, `${XAI} agreed`);
  });
  it('needs no key of a provider by name', () =>
    check(
      { user: '[llm]\nprovider = "xai"\n[analysis]\nlenses = []' },
      { keyPresent: false },
      `${why} (config.toml:4)`,
    ));
});

describe('a plan', () => {
  it('needs neither key nor consent', () =>
    check({}, { mode: 'plan', keyPresent: false }, `${XAI} to be asked`));
  it('keeps to local where that is set', () =>
    check(
      { flags: { 'llm.provider': 'local' } },
      { mode: 'plan' },
      'local: provider "local" is set (--provider)',
    ));
  it('names a provider without its key', () =>
    check({ flags: { 'llm.provider': 'xai' } }, { mode: 'plan', keyPresent: false }, `${XAI} to be asked`));
});

describe('offline', () => {
  it('shows what was bought, without the key', () =>
    check({}, { mode: 'offline', keyPresent: false, agreements: AGREED }, `${XAI} agreed`));
  it('is local where nothing can have been bought', () =>
    check({}, { mode: 'offline', keyPresent: false }, 'local: XAI_API_KEY is not set'));
});

it('an agreement holds for scheme, host and port', () => {
  expect(agreementFor('https://api.x.ai/v1')).toBe('https://api.x.ai');
  expect(agreementFor('http://localhost:8080/v1')).toBe('http://localhost:8080');
});
