import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, processEnvironment } from '../../src/config/load.ts';
import { describeOrigin } from '../../src/config/origin.ts';
import { inFolder, load, notices, refusal } from './support.ts';
import type { Sources } from './support.ts';

async function check(sources: Sources, key: 'llm.model' | 'budget.per_day', value: unknown, origin: string) {
  const config = await load(sources);
  expect(key === 'llm.model' ? config.settings.llm.model : config.settings.budget.perDay).toBe(value);
  expect(describeOrigin(config.origins[key])).toBe(origin);
}

/** Everything that is wrong, with the folder's changing name taken out of the hint. */
async function checkRefused(sources: Sources, expected: string) {
  const text = await refusal(load(sources));
  expect(text.replace(/\n> Edit .*config\.toml$/, '')).toBe(`bad-config: ${expected}`);
}

describe('without any file', () => {
  it('gives the defaults of the contract, each with its origin', async () => {
    const { settings, origins, notices: said } = await load({});
    expect(settings).toEqual({
      llm: {
        provider: 'auto',
        baseUrl: '',
        model: 'grok-4.3',
        reasoningEffort: 'low',
        keyEnv: 'XAI_API_KEY',
        keyFile: '',
        keyCommand: '',
        priceInput: null,
        priceCachedInput: null,
        priceOutput: null,
        requestsPerMinute: 60,
        burst: 10,
        concurrency: 4,
        requestTokens: 12000,
      },
      budget: { perMonth: 3, perWeek: 1.5, perDay: 0.75, perRun: 0.75 },
      analysis: { lenses: ['review'], verify: true, includeTests: false, maxFileSize: 1_048_576 },
      cache: { maxSize: 500_000_000, highWatermark: 0.9, lowWatermark: 0.75, repositoryQuota: 0.25 },
      tls: { caFile: '' },
      embedding: { model: 'builtin' },
      rules: {},
    });
    expect(new Set(Object.values(origins).map((origin) => origin?.kind))).toEqual(new Set(['default']));
    expect(said).toEqual([]);
  });
});

describe('precedence', () => {
  const user = '[llm]\nmodel = "from-user"\n[budget]\nper_day = 0.5';
  const repository = '[budget]\nper_day = 0.25';
  const env = { RUSTASSISTANT_LLM_MODEL: 'from-env', RUSTASSISTANT_BUDGET_PER_DAY: '0.6' };
  const flags = { 'llm.model': 'from-flag' };

  it('takes the user file over the default', () =>
    check({ user }, 'llm.model', 'from-user', 'config.toml:2'));
  it('takes the repository over the user', () =>
    check({ user, repository }, 'budget.per_day', 0.25, '.rustassistant.toml:2'));
  it('takes the environment over the repository', () =>
    check({ user, repository, env }, 'budget.per_day', 0.6, 'RUSTASSISTANT_BUDGET_PER_DAY'));
  it('takes a flag over the environment', () =>
    check({ user, env, flags }, 'llm.model', 'from-flag', '--model'));
  it('counts an empty variable as unset', () =>
    check({ user, env: { RUSTASSISTANT_LLM_MODEL: '' } }, 'llm.model', 'from-user', 'config.toml:2'));
});

describe('the environment', () => {
  it('reads every type from text', async () => {
    const { settings } = await load({
      env: {
        RUSTASSISTANT_ANALYSIS_INCLUDE_TESTS: 'true',
        RUSTASSISTANT_ANALYSIS_LENSES: '',
        RUSTASSISTANT_ANALYSIS_MAX_FILE_SIZE: '512KiB',
        RUSTASSISTANT_CACHE_HIGH_WATERMARK: '.8',
        RUSTASSISTANT_LLM_CONCURRENCY: '2',
        RUSTASSISTANT_LLM_PRICE_INPUT: '0',
        RUSTASSISTANT_RULES_STATIC_MUT: 'off',
      },
    });
    expect(settings.analysis).toEqual({
      lenses: ['review'],
      verify: true,
      includeTests: true,
      maxFileSize: 524_288,
    });
    expect([settings.cache.highWatermark, settings.llm.concurrency, settings.llm.priceInput]).toEqual([
      0.8, 2, 0,
    ]);
    expect(settings.rules).toEqual({ 'static-mut': 'off' });
  });

  it('refuses a misspelt key of a known section, and only mentions a foreign name', async () => {
    await checkRefused(
      { env: { RUSTASSISTANT_BUDGET_PERDAY: '0.1', RUSTASSISTANT_RULES_STATIC_MUTT: 'off' } },
      'RUSTASSISTANT_BUDGET_PERDAY names no key of the configuration; did you mean "RUSTASSISTANT_BUDGET_PER_DAY"?\n' +
        'RUSTASSISTANT_RULES_STATIC_MUTT names no key of the configuration; did you mean "RUSTASSISTANT_RULES_STATIC_MUT"?',
    );
    const config = await load({ env: { RUSTASSISTANT_HOME: '/x', RUSTASSISTANT_IMAGE: '7' } });
    expect(notices(config)).toEqual(['unknown-environment: RUSTASSISTANT_IMAGE names no key and is ignored']);
  });

  it('hands out a copy of its own', () => {
    expect(processEnvironment()).toEqual(process.env);
    expect(processEnvironment()).not.toBe(process.env);
  });
});

describe('mistakes', () => {
  it('names unknown keys with line and the nearest valid key, all at once, in order', () =>
    checkRefused(
      {
        user: [
          'provider = "xai"',
          '[llm]',
          '# model',
          'note = """',
          'modell = 3',
          '"""',
          'modell = "x"',
          'concurrency = 0',
          '[buget]',
          'per_day = 1',
          '[rules]',
          'static-mutt = "off"',
          'long-function = "loud"',
        ].join('\n'),
        env: { RUSTASSISTANT_LLM_BURST: 'many' },
        flags: { 'llm.concurrency': '1.5' },
      },
      [
        'config.toml:1: unknown key "provider"; did you mean "llm.provider"?',
        'config.toml:4: unknown key "llm.note"',
        'config.toml:7: unknown key "llm.modell"; did you mean "llm.model"?',
        'config.toml:8: llm.concurrency must be a whole number from 1 to 64, not 0',
        'config.toml:9: unknown section "buget"; did you mean "budget"?',
        'config.toml:12: unknown rule "static-mutt"; did you mean "static-mut"?',
        'config.toml:13: rules.long-function must be one of "off", "critical", "high", "medium", "low", "info", not "loud"',
        'RUSTASSISTANT_LLM_BURST must be a whole number from 1 to 1000, not "many"',
        '--concurrency must be a whole number from 1 to 64, not "1.5"',
      ].join('\n'),
    ));

  it('names the file in the hint', async () => {
    await inFolder(async (home) => {
      writeFileSync(join(home, 'config.toml'), '[llm]\nx = 1');
      const text = await refusal(loadConfig({ home, env: {} }));
      expect(text).toBe(`bad-config: config.toml:2: unknown key "llm.x"\n> Edit ${home}/config.toml`);
    });
  });

  it('finds the line of keys however they are written', () =>
    checkRefused(
      {
        user: 'llm.burst = 0\nbudget = { per_day = -1 }\n["analysis"]\n  "include_tests"=1\r\n[ cache ]\nmax_size = 3',
      },
      [
        'config.toml:1: llm.burst must be a whole number from 1 to 1000, not 0',
        'config.toml:2: budget.per_day must be an amount in USD from 0 to 100000, not -1',
        'config.toml:4: analysis.include_tests must be true or false, not 1',
        'config.toml:6: cache.max_size must be a size from 1MB to 1000GB, such as "1MiB" or "500MB", not 3',
      ].join('\n'),
    ));

  it('tells the place of a syntax error without showing the line, which may hold a key', () =>
    checkRefused(
      { user: '[llm]\nmodel = "a"\nkey = xai-0123456789' },
      'config.toml:3: not valid TOML: invalid value (column 7)',
    ));

  it('says where a key belongs, and never repeats one', async () => {
    const secret = 'xai-0123456789abcdef';
    const text = await refusal(
      load({
        user: `[llm]\napi_key = "${secret}"\nkey_env = "${secret}"\nkey_file = "${secret}"\nbase_url = "https://u:${secret}@h/v1"`,
      }),
    );
    expect(text).not.toContain(secret);
    expect(text.split('\n').slice(0, 4)).toEqual([
      'bad-config: config.toml:2: unknown key "llm.api_key"; a key never stands in this file: name where it is with llm.key_env, llm.key_file or llm.key_command',
      'config.toml:3: llm.key_env must be the name of an environment variable, not the key itself',
      'config.toml:4: llm.key_file must be an absolute path, or one that begins with ~/',
      'config.toml:5: llm.base_url must be an http or https address without user name, password or query',
    ]);
  });

  it('refuses what contradicts itself', () =>
    checkRefused(
      {
        user: '[llm]\nprovider = "openai-compatible"\nkey_env = "A"\nkey_file = "/k"\n[cache]\nlow_watermark = 0.95',
      },
      [
        'config.toml:2: "openai-compatible" needs llm.base_url, the address of the server',
        'config.toml:4: only one of llm.key_env, llm.key_file can be set',
        'config.toml:6: cache.low_watermark must be below cache.high_watermark',
      ].join('\n'),
    ));

  it.each([
    ['inf', 'Infinity'],
    ['nan', 'NaN'],
    ['-0.01', '-0.01'],
    ['1e300', '1e+300'],
    ['99999999999999999999', '99999999999999999999'],
    ['"3"', '"3"'],
    ['1979-05-27', 'a table or date'],
    ['{ x = 1 }', 'a table or date'],
  ])('never takes %s for a cap', (value, said) =>
    checkRefused(
      { user: `[budget]\nper_day = ${value}` },
      `config.toml:2: budget.per_day must be an amount in USD from 0 to 100000, not ${said}`,
    ),
  );

  it.each(['NaN', 'Infinity', '1e3', '0x10', '-1', ' 1', '1,5', '100001'])(
    'never takes the text %j for a cap',
    (text) =>
      checkRefused(
        { env: { RUSTASSISTANT_BUDGET_PER_DAY: text } },
        `RUSTASSISTANT_BUDGET_PER_DAY must be an amount in USD from 0 to 100000, not ${JSON.stringify(text)}`,
      ),
  );

  it('takes no key from a prototype', async () => {
    await checkRefused(
      {
        user: '__proto__ = { provider = "xai" }\n[llm]\n__proto__ = { model = "x" }\nconstructor = 1\n[rules]\n__proto__ = "off"',
      },
      [
        'config.toml:1: unknown section "__proto__"',
        'config.toml:3: unknown key "llm.__proto__"',
        'config.toml:4: unknown key "llm.constructor"',
        'config.toml:6: unknown rule "__proto__"',
      ].join('\n'),
    );
    expect(({} as Record<string, unknown>).provider).toBeUndefined();
  });

  it('keeps escape sequences from the terminal and stops after twenty', async () => {
    const keys = Array.from({ length: 500 }, (_, at) => `"zz\\u001b[31m\\u202e${at}" = 1`);
    const lines = (await refusal(load({ user: `[llm]\n${keys.join('\n')}` }))).split('\n');
    expect(lines[0]).toBe('bad-config: config.toml:1: unknown key "llm.zz\\u001b[31m�0"');
    expect(lines[20]).toBe('and 480 more of this kind');
  });
});

describe('the user file itself', () => {
  it('may be a link, but not a folder, a pipe, a link to nothing, huge or of another encoding', () =>
    inFolder(async (folder) => {
      const home = (name: string) => (mkdirSync(join(folder, name)), join(folder, name));
      const said = async (at: string) =>
        (await refusal(loadConfig({ home: at, env: {} }))).replace(folder, '');

      const linked = home('linked');
      writeFileSync(join(folder, 'real.toml'), '[llm]\nmodel = "linked"');
      symlinkSync(join(folder, 'real.toml'), join(linked, 'config.toml'));
      expect((await loadConfig({ home: linked, env: {} })).settings.llm.model).toBe('linked');

      const dangling = home('dangling');
      symlinkSync(join(folder, 'none.toml'), join(dangling, 'config.toml'));
      expect(await said(dangling)).toBe('bad-config: /dangling/config.toml is a symbolic link to nothing');

      mkdirSync(join(home('folder'), 'config.toml'));
      expect(await said(join(folder, 'folder'))).toBe(
        'bad-config: /folder/config.toml is not a regular file',
      );

      execFileSync('mkfifo', [join(home('pipe'), 'config.toml')]);
      expect(await said(join(folder, 'pipe'))).toBe('bad-config: /pipe/config.toml is not a regular file');

      writeFileSync(join(home('huge'), 'config.toml'), '#'.repeat(1024 * 1024 + 1));
      expect(await said(join(folder, 'huge'))).toBe('bad-config: /huge/config.toml is larger than 1024 KiB');

      writeFileSync(join(home('latin'), 'config.toml'), Buffer.from([0x23, 0xe9]));
      expect(await said(join(folder, 'latin'))).toBe('bad-config: /latin/config.toml is not UTF-8');
    }));

  it('may begin with a byte order mark and end its lines with CRLF', async () => {
    const { settings } = await load({ user: '\ufeff[llm]\r\nmodel = "dos"\r\n' });
    expect(settings.llm.model).toBe('dos');
  });
});
