import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { resolveHome, userHome } from '../../config/home.ts';
import type { KeySource } from '../../config/key.ts';
import { describeSource, keySource, resolveKey } from '../../config/key.ts';
import { loadConfig } from '../../config/load.ts';
import type { Settings } from '../../config/schema.ts';
import { UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { knownRules } from '../../lint/table.ts';
import type { CronReport } from '../../report/cron.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { cronWord } from '../../util/shell.ts';
import { existingLayout } from '../home.ts';
import { listTracked } from '../tracked.ts';

/** Where this program lies: what cron is to start. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

/** Early, and off the full hour when everyone else starts. */
const SCHEDULE = '17 3 * * *';

/**
 * The line of a crontab that analyses the tracked repositories each night, and what would keep it from doing so. Cron
 * gives a command neither the PATH nor the variables of a login: the settings are those of the files alone.
 */
export async function cronReport(host: Host, program: Program): Promise<CronReport> {
  const home = resolveHome(host.env);
  const { settings } = await loadConfig({ home, env: {}, rules: knownRules() });
  const words = [
    ...variables(host.env),
    ...[program.node, program.script, 'analyze', '--all', '--quiet'],
    // Without a terminal a key alone is no consent: the provider is named.
    ...(settings.llm.provider === 'auto' ? ['--provider', 'xai'] : []),
  ];
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    line: [SCHEDULE, ...words.map(cronWord)].join(' '),
    notes: [
      ...(await trackedNotes(home)),
      ...(await keyNotes(settings, host.env)),
      ...proxyNotes(host.env),
      ...(program.script.includes('/_npx/') ? [NPX] : []),
    ],
  };
}

const NPX = 'npx may take away what it has fetched: install rustassistant with npm install -g';
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [name.toLowerCase(), name]);

/** What of the environment the command is to find again. */
function variables(env: Host['env']): string[] {
  const proxies = PROXIES.filter((name) => isShown(env[name])).map((name) => `${name}=${env[name]}`);
  const home = env['RUSTASSISTANT_HOME'] === undefined ? [] : [`RUSTASSISTANT_HOME=${resolveHome(env)}`];
  return [...home, ...proxies, ...pathFor(env)];
}

/** A command line can be read by every user of the machine: an address with a password has no place in it. */
function isShown(value: string | undefined): boolean {
  return value !== undefined && value !== '' && !value.includes('@');
}

const USUAL = ['/usr/bin', '/bin'];

/** Cron looks for git in the usual places: where it lies elsewhere, the line says so. */
function pathFor(env: Host['env']): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const first = folders.find((folder) => isProgram(join(folder, 'git')));
  return first === undefined || USUAL.includes(first) ? [] : [`PATH=${[first, ...USUAL].join(delimiter)}`];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function trackedNotes(home: string): Promise<string[]> {
  const { repositories } = await listTracked(existingLayout(home));
  return repositories.length > 0
    ? []
    : ['no repository is tracked yet: rustassistant repo add --recursive ~/code'];
}

async function keyNotes(settings: Settings, env: Host['env']): Promise<string[]> {
  const { provider } = settings.llm;
  const here = keySource(settings, env);
  const source = keySource(settings, {});
  // Of the servers that are not xAI many want none.
  if (source === null) return provider === 'xai' || provider === 'auto' || here !== null ? [noKey(here)] : [];
  if (source.kind === 'command')
    return [`${describeSource(source)} runs with cron's PATH, and without a terminal`];
  try {
    await resolveKey(settings, { HOME: userHome(env) });
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`${error.message}. ${error.hint}`];
  }
}

function noKey(here: KeySource | null): string {
  const which = here === null ? 'there is no key' : `cron does not have ${describeSource(here)}`;
  return `${which}: the line ends with status 2 until llm.key_file names a file of yours (mode 0600) that holds it; for local rules alone let it say --provider local instead`;
}

function proxyNotes(env: Host['env']): string[] {
  const hidden = PROXIES.filter((name) => env[name]?.includes('@') === true);
  return hidden.map((name) => `${name} is left out, since it holds a password: set it above the line`);
}
