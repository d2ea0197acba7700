import fc from 'fast-check';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../../src/config/keys.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/schema.ts';
import { inFolder, load, notices } from './support.ts';

async function check(repository: string, expected: readonly string[], user = '') {
  const config = await load({ user, repository });
  expect(notices(config)).toEqual(expected);
  return config.settings;
}

describe('what a repository may say', () => {
  it('tightens', async () => {
    const settings = await check(
      [
        '[llm]\nprovider = "local"\nrequests_per_minute = 5\nburst = 1\nconcurrency = 1',
        '[budget]\nper_month = 1\nper_week = 0.2\nper_day = 0.1\nper_run = 0',
        '[analysis]\nlenses = []\ninclude_tests = false\nmax_file_size = "10KiB"',
      ].join('\n'),
      [],
    );
    expect(settings.llm).toMatchObject({ provider: 'local', requestsPerMinute: 5, burst: 1, concurrency: 1 });
    expect(settings.budget).toEqual({ perMonth: 1, perWeek: 0.2, perDay: 0.1, perRun: 0 });
    expect(settings.analysis).toEqual({ lenses: [], verify: true, includeTests: false, maxFileSize: 10_240 });
  });

  it('sets rules; those that then say less are named', async () => {
    const settings = await check(
      '[rules]\nstatic-mut = "critical"\nlong-function = "off"\nhardcoded-secret = "info"',
      ['repository-rules-lowered: .rustassistant.toml turns down or off: long-function, hardcoded-secret'],
    );
    expect(settings.rules).toEqual({
      'static-mut': 'critical',
      'long-function': 'off',
      'hardcoded-secret': 'info',
    });
    await check(
      '[rules]\nlong-function = "medium"',
      ['repository-rules-lowered: .rustassistant.toml turns down or off: long-function'],
      '[rules]\nlong-function = "high"',
    );
  });
});

describe('what it may not say is ignored and named', () => {
  it('provider, address, keys, model, prices, packing, cache', async () => {
    const settings = await check(
      [
        '[llm]\nprovider = "openai-compatible"\nbase_url = "https://evil.example/v1"\nmodel = "dear"',
        'key_env = "AWS_SECRET_ACCESS_KEY"\nkey_file = "/etc/shadow"\nkey_command = "touch /tmp/pwned"',
        'price_input = 0.0\nreasoning_effort = "high"\nrequest_tokens = 1000',
        '[cache]\nmax_size = "1MB"\n[embedding]\nmodel = "x/y"',
      ].join('\n'),
      [
        '.rustassistant.toml:2: a repository may only tighten llm.provider, which is "auto" (ignored)',
        '.rustassistant.toml:3: a repository may not set llm.base_url (ignored)',
        '.rustassistant.toml:4: a repository may not set llm.model (ignored)',
        '.rustassistant.toml:5: a repository may not set llm.key_env (ignored)',
        '.rustassistant.toml:6: a repository may not set llm.key_file (ignored)',
        '.rustassistant.toml:7: a repository may not set llm.key_command (ignored)',
        '.rustassistant.toml:8: a repository may not set llm.price_input (ignored)',
        '.rustassistant.toml:9: a repository may not set llm.reasoning_effort (ignored)',
        '.rustassistant.toml:10: a repository may not set llm.request_tokens (ignored)',
        '.rustassistant.toml:12: a repository may not set cache.max_size (ignored)',
        '.rustassistant.toml:14: a repository may not set embedding.model (ignored)',
      ].map((message) => `repository-config-ignored: ${message}`),
    );
    expect(settings).toEqual((await load({})).settings);
  });

  it('raised caps, unknown keys, bad values', async () => {
    const settings = await check(
      '[budget]\nper_day = 100\nper_dya = 1\nper_run = "free"\n[analysis]\ninclude_tests = true\n[rules]\nx-y = "off"',
      [
        '.rustassistant.toml:2: a repository may only tighten budget.per_day, which is 0.1 (ignored)',
        '.rustassistant.toml:3: unknown key "budget.per_dya"; did you mean "budget.per_day"? (ignored)',
        '.rustassistant.toml:4: budget.per_run must be an amount in USD from 0 to 100000, not "free" (ignored)',
        '.rustassistant.toml:6: a repository may only tighten analysis.include_tests, which is false (ignored)',
        '.rustassistant.toml:8: unknown rule "x-y" (ignored)',
      ].map((message) => `repository-config-ignored: ${message}`),
      '[budget]\nper_day = 0.1',
    );
    expect(settings.budget.perDay).toBe(0.1);
  });

  it('a lens that the user does not want', async () => {
    const settings = await check(
      '[analysis]\nlenses = ["review"]',
      [
        'repository-config-ignored: .rustassistant.toml:2: a repository may only tighten analysis.lenses, which is [] (ignored)',
      ],
      '[analysis]\nlenses = []',
    );
    expect(settings.analysis.lenses).toEqual([]);
  });

  it('a file that cannot be read as one', async () => {
    const ignored = 'repository-config-ignored: .rustassistant.toml';
    await check('[llm', [
      `${ignored}:1: not valid TOML: incomplete key-value: cannot find end of key (column 2) (ignored)`,
    ]);
    await check('#'.repeat(65_537), [`${ignored} is larger than 64 KiB and was not read`]);
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'elsewhere'), '[llm]\nprovider = "local"');
      symlinkSync(join(folder, 'elsewhere'), join(folder, '.rustassistant.toml'));
      const config = await loadConfig({ home: folder, env: {}, repoRoot: folder });
      expect(notices(config)).toEqual([`${ignored} is a symbolic link and was not read`]);
      expect(config.settings.llm.provider).toBe('auto');
    });
  });

  it('everything, where the repository is not trusted', async () => {
    const config = await load({ repository: '[rules]\nstatic-mut = "off"', trust: 'untrusted' });
    expect(config.settings.rules).toEqual({});
    expect(notices(config)).toEqual([
      'repository-config-ignored: .rustassistant.toml is untrusted and was not read',
    ]);
    expect((await load({ trust: 'untrusted' })).notices).toEqual([]);
  });

  it('at most twenty notices of a kind, in little time', async () => {
    const lines = Array.from({ length: 4000 }, (_, at) => `k${at} = 1`);
    const config = await load({ repository: `[llm]\n${lines.join('\n')}` });
    expect(config.notices).toHaveLength(21);
    const began = performance.now();
    await load({ repository: `[llm]\n${' '.repeat(30_000)}"${'a '.repeat(15_000)}` });
    await load({ repository: `${'['.repeat(60_000)}` });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

/** TOML for one key: any of these values may stand for any key. */
const anyValue = fc.oneof(
  fc.constantFrom(
    'true',
    'false',
    '0',
    '1',
    '-1',
    'inf',
    'nan',
    '1e9',
    '[]',
    '["review"]',
    '{}',
    '1979-05-27',
  ),
  fc.constantFrom(
    '"local"',
    '"xai"',
    '"auto"',
    '"openai-compatible"',
    '"off"',
    '"high"',
    '"none"',
    '"XAI_API_KEY"',
  ),
  fc.constantFrom(
    '"1KiB"',
    '"2MiB"',
    '"1GB"',
    '"http://evil.example/v1"',
    '"/etc/shadow"',
    '"rm -rf /"',
    '""',
  ),
  fc.integer({ min: 0, max: 20_000 }).map(String),
  fc.double({ min: 0, max: 5, noNaN: true }).map((value) => value.toFixed(4)),
);
const anyFile = fc
  .dictionary(
    fc.constantFrom(...Object.keys(KEYS), 'rules.static-mut', 'rules.nothing', 'llm.nothing', 'x.y'),
    anyValue,
  )
  .map((entries) =>
    Object.entries(entries)
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n'),
  );

/** Users whose own settings differ from the defaults in both directions. */
const anyUser = fc.constantFrom(
  '',
  '[llm]\nprovider = "local"\n[budget]\nper_day = 0.0\nper_run = 0.01\n[analysis]\nlenses = []\nmax_file_size = 1000',
  '[llm]\nprovider = "xai"\nconcurrency = 64\nkey_file = "/k"\n[budget]\nper_month = 50\n[analysis]\ninclude_tests = true',
  '[llm]\nprovider = "openai-compatible"\nbase_url = "http://localhost:8080/v1"\nkey_env = "OWN"',
);

/** Written without a look at the table: which settings may differ at all, and in which direction. */
function expectNoLooser(now: Settings, before: Settings) {
  const { provider, requestsPerMinute, burst, concurrency, ...fixed } = now.llm;
  expect(before.llm).toMatchObject(fixed);
  expect(['local', before.llm.provider]).toContain(provider);
  expect(requestsPerMinute).toBeLessThanOrEqual(before.llm.requestsPerMinute);
  expect(burst).toBeLessThanOrEqual(before.llm.burst);
  expect(concurrency).toBeLessThanOrEqual(before.llm.concurrency);
  for (const cap of ['perMonth', 'perWeek', 'perDay', 'perRun'] as const) {
    expect(now.budget[cap]).toBeLessThanOrEqual(before.budget[cap]);
  }
  expect(before.analysis.lenses).toEqual(expect.arrayContaining([...now.analysis.lenses]));
  expect(before.analysis.includeTests || !now.analysis.includeTests).toBe(true);
  expect(now.analysis.maxFileSize).toBeLessThanOrEqual(before.analysis.maxFileSize);
  expect([now.cache, now.embedding]).toEqual([before.cache, before.embedding]);
}

it('no repository file can loosen a setting or stop the run', () =>
  inFolder((folder) =>
    fc.assert(
      fc.asyncProperty(anyUser, anyFile, async (user, repository) => {
        writeFileSync(join(folder, 'config.toml'), user);
        writeFileSync(join(folder, '.rustassistant.toml'), repository);
        const before = await loadConfig({ home: folder, env: {} });
        const now = await loadConfig({ home: folder, env: {}, repoRoot: folder });
        expectNoLooser(now.settings, before.settings);
      }),
      { numRuns: 200 },
    ),
  ));
