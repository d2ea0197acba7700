import type { Notice } from '../types/run.ts';
import { isXai } from '../util/xai.ts';
import type { Layer } from './layer.ts';
import { overlay, valueOf } from './layer.ts';
import { describeOrigin } from './origin.ts';
import type { Problem } from './problem.ts';
import { hostOf, isPrivate, sameOrigin } from './url.ts';

const XAI_URL = 'https://api.x.ai/v1';
/** The variable whose key never goes to anyone but xAI, whatever the configuration says. */
export const XAI_VARIABLE = 'XAI_API_KEY';

const KEY_SOURCES = ['llm.key_env', 'llm.key_file', 'llm.key_command'] as const;

/** Where requests go with these settings, or null where they go nowhere. `auto` can only ever mean xAI. */
export function endpointOf(llm: { readonly provider: string; readonly baseUrl: string }): string | null {
  switch (llm.provider) {
    case 'local':
      return null;
    case 'openai-compatible':
      return llm.baseUrl === '' ? null : llm.baseUrl;
    default:
      return XAI_URL;
  }
}

export interface SettledKey {
  /** The three sources: at most one is not empty, and it belongs to the endpoint in use. */
  readonly layer: Layer;
  readonly notices: readonly Notice[];
  readonly problems: readonly Problem[];
}

/**
 * A key belongs to the host that it was configured for: the endpoint as the layers up to its own name
 * it. A stronger layer that points elsewhere (`--provider`, a variable in some script) does not take
 * the key along. `layers` runs from the weakest to the strongest, the defaults first.
 */
export function settleKey(layers: readonly Layer[]): SettledKey {
  const all = overlay(...layers);
  const endpoint = endpointOf(llmOf(all));
  const at = layers.findLastIndex((layer) => KEY_SOURCES.some((key) => layer.has(key)));
  const layer = layers[at] ?? new Map();
  const named = KEY_SOURCES.filter((key) => (layer.get(key)?.value ?? '') !== '');
  const [key, second] = named;
  if (second !== undefined) {
    const origin = layer.get(second)?.origin ?? { kind: 'default' };
    return {
      layer: new Map(),
      notices: [],
      problems: [{ origin, about: `only one of ${named.join(', ')} can be set` }],
    };
  }
  if (key === undefined) return settled(layer, null);
  if (endpoint === null) return settled(layer, key);
  const meant = meantFor(overlay(...layers.slice(0, at + 1)));
  const reserved = key === 'llm.key_env' && layer.get(key)?.value === XAI_VARIABLE && !isXai(endpoint);
  if (sameOrigin(meant, endpoint) && !reserved) return settled(layer, key);
  const first = layers[0] ?? new Map();
  if (endpoint === XAI_URL) return settled(first, 'llm.key_env');
  return {
    ...settled(layer, null),
    notices: at === 0 ? [] : [withheld(layer, key, endpoint, reserved ? XAI_URL : meant)],
  };
}

/** Says so where code and key would cross a public network unencrypted. */
export function plainHttpNotice(endpoint: string | null): readonly Notice[] {
  if (endpoint === null || !endpoint.startsWith('http:') || isPrivate(endpoint)) return [];
  const message = `llm.base_url is plain http: code and key travel unencrypted to ${hostOf(endpoint)}`;
  return [{ code: 'plain-http', message }];
}

function llmOf(layer: Layer) {
  return { provider: valueOf(layer, 'llm.provider'), baseUrl: valueOf(layer, 'llm.base_url') };
}

/** A base URL that stands beside a key tells its host, also before the provider is chosen. */
function meantFor(layer: Layer): string {
  const { provider, baseUrl } = llmOf(layer);
  return provider !== 'xai' && baseUrl !== '' ? baseUrl : XAI_URL;
}

function settled(from: Layer, chosen: (typeof KEY_SOURCES)[number] | null): SettledKey {
  const layer = new Map(
    KEY_SOURCES.map((key) => {
      const given = from.get(key) ?? { value: '', origin: { kind: 'default' } as const };
      return [key, key === chosen ? given : { ...given, value: '' }];
    }),
  );
  return { layer, notices: [], problems: [] };
}

function withheld(layer: Layer, key: string, endpoint: string, meant: string): Notice {
  const where = describeOrigin(layer.get(key)?.origin ?? { kind: 'default' });
  const hint = `set the key of ${hostOf(endpoint)} beside llm.base_url`;
  const message = `${key} (${where}) belongs to ${hostOf(meant)} and is not sent to ${hostOf(endpoint)}; ${hint}`;
  return { code: 'key-withheld', message };
}
