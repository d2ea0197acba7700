import type { FlatKey, Values } from './keys.ts';
import { KEYS, RULE_ID, RULE_KIND, isKey } from './keys.ts';
import type { Kind } from './kinds.ts';
import type { Origin } from './origin.ts';
import { shown } from './problem.ts';
import type { Problem } from './problem.ts';

/** A key as some source gave it, not looked at yet. */
export interface Given {
  /** `llm.model`, `rules.long-function`, or a name that nobody knows. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export interface Setting {
  /** Of the type that the table names for its key. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** One source's checked settings by key, or several sources' laid over each other. */
export type Layer = ReadonlyMap<string, Setting>;

export interface Checked {
  readonly layer: Layer;
  readonly problems: readonly Problem[];
}

/** Rule ids that can be set, each with the severity at which it speaks by itself. */
export type KnownRules = ReadonlyMap<string, string>;

/**
 * Keeps what is known and fits; everything else becomes a problem.
 * Where `rules` is null, any well-formed rule id is taken.
 */
export function check(given: readonly Given[], rules: KnownRules | null): Checked {
  const layer = new Map<string, Setting>();
  const problems: Problem[] = [];
  for (const entry of given) {
    const kind = kindOf(entry.key, rules);
    if (kind === null) {
      problems.push(unknownKey(entry, rules));
      continue;
    }
    const asText = entry.origin.kind === 'environment' || entry.origin.kind === 'flag';
    const value =
      asText && typeof entry.value === 'string' ? kind.parse(entry.value) : kind.read(entry.value);
    if (value === undefined) problems.push(badValue(entry, kind));
    else layer.set(entry.key, { value, origin: entry.origin });
  }
  return { layer, problems };
}

/** Later layers win. */
export function overlay(...layers: readonly Layer[]): Layer {
  return new Map(layers.flatMap((layer) => [...layer]));
}

/** What the table says where nobody says anything. */
export function defaults(): Layer {
  return new Map(
    Object.entries(KEYS).map(([key, { initial }]) => [key, { value: initial, origin: { kind: 'default' } }]),
  );
}

/** One value of a layer that holds every key: `check` and the table have seen to its type. */
export function valueOf<K extends FlatKey>(layer: Layer, key: K): Values[K] {
  return layer.get(key)?.value as Values[K];
}

function kindOf(key: string, rules: KnownRules | null): Kind<unknown> | null {
  if (isKey(key)) return KEYS[key].kind;
  const rule = key.startsWith('rules.') ? key.slice('rules.'.length) : '';
  return RULE_ID.test(rule) && rule.length <= 100 && (rules?.has(rule) ?? true) ? RULE_KIND : null;
}

function unknownKey({ key, origin }: Given, rules: KnownRules | null): Problem {
  if (origin.kind === 'environment') {
    const known = [...Object.keys(KEYS), ...[...(rules?.keys() ?? [])].map((rule) => `rules.${rule}`)].map(
      variableOf,
    );
    return { origin, about: 'names no key of the configuration', unknown: { name: origin.name, known } };
  }
  if (key.startsWith('rules.')) {
    const rule = key.slice('rules.'.length);
    return {
      origin,
      about: `unknown rule ${shown(rule)}`,
      unknown: { name: rule, known: [...(rules?.keys() ?? [])] },
    };
  }
  const about = `unknown key ${shown(key)}`;
  if (/^llm\.(?!key_).*(key|token|secret|password)/i.test(key) && !/tokens$/i.test(key)) {
    return {
      origin,
      about: `${about}; a key never stands in this file: name where it is with llm.key_env, llm.key_file or llm.key_command`,
    };
  }
  return { origin, about, unknown: { name: key, known: Object.keys(KEYS) } };
}

function badValue({ key, value, origin }: Given, { expected }: Kind<unknown>): Problem {
  const named = origin.kind === 'environment' || origin.kind === 'flag' ? '' : `${key} `;
  const hidden = isKey(key) && KEYS[key].private === true;
  return { origin, about: `${named}must be ${expected}${hidden ? '' : `, not ${shown(value)}`}` };
}

/** `RUSTASSISTANT_LLM_KEY_ENV` for `llm.key_env`. */
export function variableOf(key: string): string {
  return `RUSTASSISTANT_${key.toUpperCase().replace(/[.-]/g, '_')}`;
}
