import { expect, it } from 'vitest';
import { describeSettings } from '../../src/config/describe.ts';
import { KEYS } from '../../src/config/keys.ts';
import { exampleConfig } from '../support/example-config.ts';
import { load } from './support.ts';

it('the example file is what the table says (vitest -u writes it)', async () => {
  await expect(exampleConfig()).toMatchFileSnapshot('../../.rustassistant.example.toml');
});

it('the example, uncommented, is the default configuration', async () => {
  const user = exampleConfig().replace(/^#(?=\w)/gm, '');
  const priced = /^price_\w+ = .*\n/gm;
  expect(user.match(priced)).toHaveLength(3);
  const { settings, origins } = await load({
    user: user.replace(priced, '').replace(/^long-function.*/m, ''),
  });
  expect(settings).toEqual((await load({})).settings);
  const set = Object.values(origins).filter((origin) => origin?.kind === 'user');
  expect(set).toHaveLength(Object.keys(KEYS).length - 3);
});

it('describes every key, its value as in the file and its origin', async () => {
  const config = await load({
    user: '[llm]\nkey_command = "echo xai-secret"\n[rules]\nstatic-mut = "off"',
    env: { RUSTASSISTANT_CACHE_MAX_SIZE: '1GiB' },
    flags: { 'llm.model': 'm' },
  });
  const rows = describeSettings(config);
  expect(rows.map(({ key }) => key)).toEqual([...Object.keys(KEYS), 'rules.static-mut']);
  expect(rows.filter(({ origin }) => origin !== 'default')).toEqual([
    { key: 'llm.model', value: '"m"', origin: '--model' },
    { key: 'llm.key_command', value: '(set, not shown)', origin: 'config.toml:2' },
    { key: 'cache.max_size', value: '"1GiB"', origin: 'RUSTASSISTANT_CACHE_MAX_SIZE' },
    { key: 'rules.static-mut', value: '"off"', origin: 'config.toml:4' },
  ]);
  const shown = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  expect(shown).toMatchObject({ 'llm.key_env': '', 'llm.price_input': '', 'budget.per_month': '3.0' });
  expect(JSON.stringify(rows)).not.toContain('secret');
});
