import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../src/config/endpoint.ts';
import { load, notices } from './support.ts';
import type { Sources } from './support.ts';

/** Where requests go, which key goes along, and what is said about it. */
async function check(sources: Sources, expected: { to: string | null; key: string; said?: string }) {
  const config = await load(sources);
  const { keyEnv, keyFile, keyCommand } = config.settings.llm;
  expect({
    to: endpointOf(config.settings.llm),
    key: [keyEnv, keyFile, keyCommand].filter(Boolean).join(' and '),
  }).toEqual({ to: expected.to, key: expected.key });
  expect(notices(config)).toEqual(expected.said === undefined ? [] : [expected.said]);
}

const XAI = 'https://api.x.ai/v1';
const OWN = 'http://localhost:8080/v1';
const ownServer = `[llm]\nprovider = "openai-compatible"\nbase_url = "${OWN}"\n`;

describe('a key goes to the host that it was configured for', () => {
  it('the default key to xAI', () => check({}, { to: XAI, key: 'XAI_API_KEY' }));
  it('the default key to no other host', () => check({ user: ownServer }, { to: OWN, key: '' }));
  it('XAI_API_KEY to no other host, named or not', () =>
    check(
      { user: `${ownServer}key_env = "XAI_API_KEY"` },
      {
        to: OWN,
        key: '',
        said: 'key-withheld: llm.key_env (config.toml:4) belongs to api.x.ai and is not sent to localhost:8080; set the key of localhost:8080 beside llm.base_url',
      },
    ));
  it('a key beside the address to that address', () =>
    check({ user: `${ownServer}key_env = "OWN_KEY"` }, { to: OWN, key: 'OWN_KEY' }));
  it('also where the provider is chosen on the command line', () =>
    check(
      {
        user: `[llm]\nbase_url = "${OWN}"\nkey_command = "pass own"`,
        flags: { 'llm.provider': 'openai-compatible' },
      },
      { to: OWN, key: 'pass own' },
    ));
  it('not along to an address that a variable brings in', () =>
    check(
      {
        user: '[llm]\nprovider = "xai"\nkey_file = "/home/me/xai.key"',
        env: {
          RUSTASSISTANT_LLM_PROVIDER: 'openai-compatible',
          RUSTASSISTANT_LLM_BASE_URL: 'https://evil.example/v1',
        },
      },
      {
        to: 'https://evil.example/v1',
        key: '',
        said: 'key-withheld: llm.key_file (config.toml:3) belongs to api.x.ai and is not sent to evil.example; set the key of evil.example beside llm.base_url',
      },
    ));
  it('not over plain http where it was set for https', () =>
    check(
      {
        user: '[llm]\nprovider = "openai-compatible"\nbase_url = "https://box.lan/v1"\nkey_env = "K"',
        env: { RUSTASSISTANT_LLM_BASE_URL: 'http://box.lan/v1' },
      },
      {
        to: 'http://box.lan/v1',
        key: '',
        said: 'key-withheld: llm.key_env (config.toml:4) belongs to box.lan and is not sent to box.lan; set the key of box.lan beside llm.base_url',
      },
    ));
  it("a server's own key not to xAI, which gets its default", () =>
    check(
      { user: `${ownServer}key_env = "OWN_KEY"`, flags: { 'llm.provider': 'xai' } },
      { to: XAI, key: 'XAI_API_KEY' },
    ));
  it('a key beside a named provider to that provider, whatever address is noted down there', () =>
    check(
      { user: `[llm]\nprovider = "xai"\nbase_url = "${OWN}"\nkey_env = "MY_XAI"` },
      { to: XAI, key: 'MY_XAI' },
    ));
  it('the xAI key to its regional hosts, where named for them', () =>
    check(
      {
        user: '[llm]\nprovider = "openai-compatible"\nbase_url = "https://eu-west-1.api.x.ai/v1"\nkey_env = "XAI_API_KEY"',
      },
      { to: 'https://eu-west-1.api.x.ai/v1', key: 'XAI_API_KEY' },
    ));
  it('but not to a name that only looks like one', () =>
    check(
      {
        user: '[llm]\nprovider = "openai-compatible"\nbase_url = "https://evil-api.x.ai.example/v1"\nkey_env = "XAI_API_KEY"',
      },
      {
        to: 'https://evil-api.x.ai.example/v1',
        key: '',
        said: 'key-withheld: llm.key_env (config.toml:4) belongs to api.x.ai and is not sent to evil-api.x.ai.example; set the key of evil-api.x.ai.example beside llm.base_url',
      },
    ));
});

describe('one source', () => {
  it('of a stronger layer takes the place of a weaker one', () =>
    check(
      { user: '[llm]\nkey_file = "/k"', env: { RUSTASSISTANT_LLM_KEY_ENV: 'OTHER' } },
      { to: XAI, key: 'OTHER' },
    ));
  it('named in the file takes the place of the default', () =>
    check({ user: '[llm]\nkey_file = "~/k"' }, { to: XAI, key: '~/k' }));
  it('can be none', () => check({ user: '[llm]\nkey_env = ""' }, { to: XAI, key: '' }));
  it('goes nowhere with the local provider', () =>
    check({ user: '[llm]\nprovider = "local"\nkey_env = "K"' }, { to: null, key: 'K' }));
});

it('plain http to a public host is said', () =>
  check(
    { user: '[llm]\nprovider = "openai-compatible"\nbase_url = "http://llm.example/v1"\nkey_env = "K"' },
    {
      to: 'http://llm.example/v1',
      key: 'K',
      said: 'plain-http: llm.base_url is plain http: code and key travel unencrypted to llm.example',
    },
  ));
