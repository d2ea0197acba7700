import type { Notice } from '../types/run.ts';
import { byText } from '../util/order.ts';
import type { Given } from './layer.ts';
import { variableOf } from './layer.ts';
import { shown } from './problem.ts';
import type { FlatKey, Key } from './keys.ts';
import { KEYS, SECTIONS, isKey } from './keys.ts';

/** Options of a command line under the names of the keys they set; text is read like a variable's. */
export type FlagValues = {
  readonly [K in FlatKey]?: string | number | boolean | readonly string[] | undefined;
};

const PREFIX = 'RUSTASSISTANT_';

export interface EnvironmentGiven {
  readonly given: readonly Given[];
  readonly notices: readonly Notice[];
}

/**
 * `RUSTASSISTANT_LLM_MODEL` sets `llm.model`, `RUSTASSISTANT_RULES_STATIC_MUT` the rule `static-mut`; an
 * empty variable counts as unset. A name under a known section that is no key is given as one, so that
 * it is refused: a misspelt cap must not pass for a cap. Other names are somebody else's, and only said.
 */
export function environmentGiven(env: Readonly<Record<string, string | undefined>>): EnvironmentGiven {
  const named = Object.entries(env).filter(
    ([name, value]) => name.startsWith(PREFIX) && name !== `${PREFIX}HOME` && (value ?? '') !== '',
  );
  if (named.length === 0) return { given: [], notices: [] };
  const keys = new Map(Object.keys(KEYS).map((key) => [variableOf(key), key]));
  const given: Given[] = [];
  const notices: Notice[] = [];
  for (const [name, value] of named.sort(([a], [b]) => byText(a, b))) {
    const rest = name.slice(PREFIX.length);
    const section = SECTIONS.find((known) => rest.startsWith(`${known.toUpperCase()}_`));
    if (section === undefined) {
      notices.push({
        code: 'unknown-environment',
        message: `${shown(name).slice(1, -1)} names no key and is ignored`,
      });
      continue;
    }
    const dashed = `rules.${rest.slice('rules_'.length).toLowerCase().replaceAll('_', '-')}`;
    const key = keys.get(name) ?? (section === 'rules' ? dashed : name);
    given.push({ key, value, origin: { kind: 'environment', name } });
  }
  return { given, notices };
}

export function flagsGiven(flags: FlagValues): readonly Given[] {
  return Object.entries(flags).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const row: Key<unknown> | null = isKey(key) ? (KEYS[key] as Key<unknown>) : null;
    return [{ key, value, origin: { kind: 'flag', name: row?.flag ?? `--${key}` } }];
  });
}
