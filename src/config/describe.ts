import type { Config } from './load.ts';
import { describeOrigin } from './origin.ts';
import type { FlatKey, Key } from './keys.ts';
import type { Settings } from './schema.ts';
import { KEYS, RULE_KIND } from './keys.ts';

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

/** `settings.llm.keyEnv` for `llm.key_env`. */
function valueIn(settings: Settings, key: FlatKey): unknown {
  const [section = '', name = ''] = key.split('.');
  const content = settings[section as keyof Settings] as Readonly<Record<string, unknown>>;
  return content[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];
}

function keys(): readonly FlatKey[] {
  return Object.keys(KEYS) as FlatKey[];
}
