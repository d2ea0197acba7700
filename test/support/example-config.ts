import type { FlatKey, Key } from '../../src/config/keys.ts';
import { KEYS, SECTIONS } from '../../src/config/keys.ts';

const KEY_NAMES = Object.keys(KEYS) as FlatKey[];

/** The text of the example file: every key with its default, commented out so that later defaults reach its copies. */
export function exampleConfig(): string {
  const sections = SECTIONS.filter((section) => section !== 'rules').map((section) =>
    [`[${section}]`, ...KEY_NAMES.filter((key) => key.startsWith(`${section}.`)).flatMap(exampleLines)].join(
      '\n',
    ),
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
