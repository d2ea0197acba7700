import { authoritiesOf } from '../../config/authorities.ts';
import { isCi } from '../../config/budget.ts';
import { endpointOf } from '../../config/endpoint.ts';
import { resolveHome } from '../../config/home.ts';
import { describeSource, keySource, resolveKey } from '../../config/key.ts';
import type { Config } from '../../config/load.ts';
import { loadConfig } from '../../config/load.ts';
import type { Settings } from '../../config/schema.ts';
import { hostOf } from '../../config/url.ts';
import { UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { knownRules } from '../../lint/table.ts';
import type { Check } from '../../report/doctor.ts';
import { counted } from '../../util/numbers.ts';
import { fail, ok, warn } from './check.ts';
import { knownPrice } from '../paid/connection.ts';

/** The user's own settings, the key and the price of the model. */
export async function checkSettings(host: Host): Promise<Check[]> {
  const home = resolveHome(host.env);
  const rules = knownRules();
  let config: Config;
  try {
    config = await loadConfig({ home, env: host.env, rules });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [fail('config', error.message, error.hint)];
  }
  const { settings, notices } = config;
  const notes = notices.map(({ message }) => warn('config', message, 'See: rustassistant config'));
  return [
    ...(notes.length === 0 ? [ok('config', 'valid')] : notes),
    ...(await checkKey(settings, host)),
    ...checkModel(settings),
    ...checkAuthorities(settings, host),
    ...checkCi(settings, host),
  ];
}

/** Says where the key is, and never what it is. */
async function checkKey(settings: Settings, { env }: Host): Promise<Check[]> {
  const { provider, keyEnv } = settings.llm;
  const source = keySource(settings, env);
  if (source === null) return [noKey(provider, keyEnv)];
  const from = describeSource(source);
  // The user's command may ask for a fingerprint: it runs when a request is to be sent.
  if (source.kind === 'command') return [ok('key', `${from} (not run here)`)];
  try {
    await resolveKey(settings, env);
    return [ok('key', `present (${from})`)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [fail('key', error.message, error.hint)];
  }
}

function noKey(provider: Settings['llm']['provider'], keyEnv: string): Check {
  const missing = keyEnv === '' ? 'none is configured' : `${keyEnv} is not set`;
  switch (provider) {
    case 'local':
      return ok('key', 'none needed: provider is local');
    case 'openai-compatible':
      return ok('key', `${missing}: requests go without one`);
    case 'xai':
      return fail('key', `provider is xai, and ${missing}`, 'Set the key, or llm.provider = "auto".');
    case 'auto':
      return ok('key', `${missing}: local rules only`);
    default:
      return provider satisfies never;
  }
}

function checkModel(settings: Settings): Check[] {
  const baseUrl = endpointOf(settings.llm);
  if (baseUrl === null) return [];
  const { model } = settings.llm;
  const price = knownPrice(settings, baseUrl, null);
  const where = `${model} at ${hostOf(baseUrl)}`;
  if (price === null) {
    const hint =
      'Unless the server tells it, set llm.price_input and llm.price_output (0 for a model of your own).';
    return [warn('model', `${where}: its price is unknown`, hint)];
  }
  const { input, output, source } = price;
  return [ok('model', `${where}: $${input} in, $${output} out per million tokens (${source})`)];
}

function checkAuthorities(settings: Settings, { env }: Host): Check[] {
  try {
    const found = authoritiesOf(settings, env);
    return found === null ? [] : [ok('tls', `tls.ca_file: ${counted(found.length, 'certificate')}`)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [fail('tls', error.message, error.hint)];
  }
}

function checkCi({ llm }: Settings, { env }: Host): Check[] {
  if (!isCi(env) || llm.provider === 'local') return [];
  return [ok('ci', 'CI is set: paid work needs --budget')];
}
