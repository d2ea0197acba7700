import type { Config } from './load.ts';
import { describeOrigin } from './origin.ts';
import type { FlatKey, Key } from './keys.ts';
import type { Settings } from './schema.ts';
import { KEYS, RULE_KIND, SECTIONS } from './keys.ts';

export interface SettingRow {
  readonly key: string;
  /** As it would stand in the file; `''` where nothing is set. */
  readonly value: string;
  /** `default`, `config.toml:7`, `RUSTASSISTANT_LLM_MODEL`, `--model`. */
  readonly origin: string;
}

/** Every key, then the rules that are set. No secret: a `key_command` may hold one and is only said to be set. */
export function describeSettings({ settings, origins }: Config): readonly SettingRow[] {
  const rows = keys().map((key) => {
    const value = (KEYS[key] as Key<unknown>).kind.show(valueIn(settings, key));
    const shown = value === '""' ? '' : key === 'llm.key_command' ? '(set, not shown)' : value;
    return { key, value: shown, origin: describeOrigin(origins[key]) };
  });
  const rules = Object.entries(settings.rules).map(([rule, setting]) => ({
    key: `rules.${rule}`,
    value: RULE_KIND.show(setting),
    origin: describeOrigin(origins[`rules.${rule}`] ?? { kind: 'default' }),
  }));
  return [...rows, ...rules];
}

/** The text of the example file: every key with its default, commented out so that later defaults reach its copies. */
export function exampleConfig(): string {
  const sections = SECTIONS.filter((section) => section !== 'rules').map((section) =>
    [
      `[${section}]`,
      ...keys()
        .filter((key) => key.startsWith(`${section}.`))
        .flatMap(exampleLines),
    ].join('\n'),
  );
  return `${[INTRODUCTION, ...sections, RULES].join('\n\n')}\n`;
}

const INTRODUCTION = `# Copy to ~/.rustassistant/config.toml and uncomment what you change: each line shows its default.
# Every key can also be set as RUSTASSISTANT_<SECTION>_<KEY>, such as RUSTASSISTANT_BUDGET_PER_DAY=0.25.
#
# Keys marked [repository] may also stand in a .rustassistant.toml at the root of an analysed repository,
# where they can only lower a limit, send less or switch the LLM off; whatever else stands there is ignored.
# Strongest first: flags, environment, the repository's file, this file.`;

const RULES = `[rules]
# [repository] <rule id> = "off", "info", "low", "medium", "high" or "critical"
#long-function = "off"`;

function exampleLines(key: FlatKey): readonly string[] {
  const { about, kind, initial, repository, flag } = KEYS[key] as Key<unknown>;
  const marks = `${repository === undefined ? '' : '[repository] '}${about}${flag === undefined ? '' : ` (${flag})`}${initial === null ? ' (no default)' : ''}`;
  const value = initial === null ? '0.0' : kind.show(initial);
  return [`# ${marks}`, `#${key.slice(key.indexOf('.') + 1)} = ${value}`];
}

/** `settings.llm.keyEnv` for `llm.key_env`. */
function valueIn(settings: Settings, key: FlatKey): unknown {
  const [section = '', name = ''] = key.split('.');
  const content = settings[section as keyof Settings] as Readonly<Record<string, unknown>>;
  return content[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];
}

function keys(): readonly FlatKey[] {
  return Object.keys(KEYS) as FlatKey[];
}
