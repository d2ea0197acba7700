import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { RuleSetting } from '../types/finding.ts';
import type { Notice } from '../types/run.ts';
import { endpointOf, plainHttpNotice, settleKey } from './endpoint.ts';
import { environmentGiven, flagsGiven } from './given.ts';
import type { FlagValues } from './given.ts';
import type { Checked, KnownRules, Layer } from './layer.ts';
import { check, defaults, overlay, valueOf } from './layer.ts';
import type { Origin } from './origin.ts';
import { describeProblems } from './problem.ts';
import type { Problem } from './problem.ts';
import { readText } from './read.ts';
import { REPOSITORY_FILE, ignoredWhole, tighten } from './repository.ts';
import type { Tightened } from './repository.ts';
import type { FlatKey, Values } from './keys.ts';
import type { Settings } from './schema.ts';
import { settingsOf } from './schema.ts';

const USER_FILE = 'config.toml';

const MAX_USER_FILE = 1024 * 1024;
const MAX_REPOSITORY_FILE = 64 * 1024;

export type Origins = Readonly<Record<FlatKey, Origin>> &
  Readonly<Record<`rules.${string}`, Origin | undefined>>;

export interface Config {
  readonly settings: Settings;
  /** By the key's name in the file: `llm.model`, `rules.static-mut`. */
  readonly origins: Origins;
  readonly notices: readonly Notice[];
}

export interface LoadOptions {
  /** As `resolveHome` gives it. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the analysed repository's own file may lie. */
  readonly repoRoot?: string;
  readonly flags?: FlagValues;
  /** Rule ids with the severity at which each speaks by itself. Absent: ids are not checked. */
  readonly rules?: KnownRules;
  /** `untrusted`: the repository's file is not read at all. */
  readonly trust?: 'repository' | 'untrusted';
}

/**
 * The configuration and where each value comes from: default < `config.toml` of the home < the
 * repository's `.rustassistant.toml`, which can only tighten < environment < flags.
 * Throws a `UserError` ('bad-config') that names every mistake at once.
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const rules = options.rules ?? null;
  const variables = environmentGiven(options.env);
  const user = await readUser(options.home, rules);
  const environment = check(variables.given, rules);
  const flags = check(flagsGiven(options.flags ?? {}), rules);
  const base = defaults();
  const repository = await readRepository(options, overlay(base, user.layer));

  const layers = [base, user.layer, repository.layer, environment.layer, flags.layer];
  const key = settleKey(layers);
  const merged = overlay(...layers, key.layer);
  await refuse(options.home, [
    ...user.problems,
    ...environment.problems,
    ...flags.problems,
    ...key.problems,
    ...contradictions(merged),
  ]);
  const settings = settingsFrom(merged);
  const plainHttp = plainHttpNotice(endpointOf(settings.llm));
  const notices = [...repository.notices, ...variables.notices, ...key.notices, ...plainHttp];
  return { settings, origins: originsFrom(merged), notices };
}

/** The one place that reads the process's environment; everything else is handed it. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}

/** Native libraries read the environment by themselves: one that writes to the terminal is told to keep to errors. */
export function quietly(variable: string): void {
  process.env[variable] ??= 'error';
}

async function readUser(home: string, rules: KnownRules | null): Promise<Checked> {
  const path = join(home, USER_FILE);
  const file = readText(path, { maxBytes: MAX_USER_FILE, links: 'follow' });
  if (file.kind === 'absent') return { layer: new Map(), problems: [] };
  if (file.kind === 'refused') throw new UserError('bad-config', `${path} is ${file.why}`);
  return checkFile(file.text, 'user', USER_FILE, rules);
}

async function readRepository({ repoRoot, trust, rules }: LoadOptions, current: Layer): Promise<Tightened> {
  if (repoRoot === undefined) return { layer: new Map(), notices: [] };
  const path = join(repoRoot, REPOSITORY_FILE);
  const file = readText(path, { maxBytes: MAX_REPOSITORY_FILE, links: 'refuse' });
  if (file.kind === 'absent') return { layer: new Map(), notices: [] };
  if (trust === 'untrusted') return { layer: new Map(), notices: [ignoredWhole('untrusted')] };
  if (file.kind === 'refused') return { layer: new Map(), notices: [ignoredWhole(file.why)] };
  const checked = await checkFile(file.text, 'repository', REPOSITORY_FILE, rules ?? null);
  return tighten(checked, current, rules ?? null);
}

async function checkFile(
  text: string,
  kind: 'user' | 'repository',
  file: string,
  rules: KnownRules | null,
): Promise<Checked> {
  const { parseToml } = await import('./toml.ts');
  const parsed = await parseToml(text, (line) => ({ kind, file, line }));
  const checked = check(parsed.given, rules);
  return { layer: checked.layer, problems: [...parsed.problems, ...checked.problems] };
}

/** What fits key by key and still makes no sense together. Repository files can reach none of these keys. */
function contradictions(merged: Layer): readonly Problem[] {
  const found: Problem[] = [];
  const add = (key: FlatKey, about: string) =>
    found.push({ origin: merged.get(key)?.origin ?? { kind: 'default' }, about });
  if (valueOf(merged, 'llm.provider') === 'openai-compatible' && valueOf(merged, 'llm.base_url') === '') {
    add('llm.provider', '"openai-compatible" needs llm.base_url, the address of the server');
  }
  if (valueOf(merged, 'cache.low_watermark') >= valueOf(merged, 'cache.high_watermark')) {
    const key = merged.get('cache.low_watermark')?.origin.kind === 'default' ? 'high' : 'low';
    add(`cache.${key}_watermark`, 'cache.low_watermark must be below cache.high_watermark');
  }
  return found;
}

async function refuse(home: string, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return;
  const inFile = problems.some(({ origin }) => origin.kind === 'user');
  const message = (await describeProblems(problems)).join('\n');
  throw new UserError('bad-config', message, inFile ? `Edit ${join(home, USER_FILE)}` : '');
}

function settingsFrom(merged: Layer): Settings {
  const values = Object.fromEntries([...merged].map(([key, { value }]) => [key, value]));
  const rules = [...merged]
    .filter(([key]) => key.startsWith('rules.'))
    .map(([key, { value }]) => [key.slice('rules.'.length), value as RuleSetting] as const);
  return settingsOf(values as unknown as Values, Object.fromEntries(rules));
}

function originsFrom(merged: Layer): Origins {
  return Object.fromEntries([...merged].map(([key, { origin }]) => [key, origin])) as Origins;
}
