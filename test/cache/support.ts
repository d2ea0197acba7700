import type { KeyFactors } from '../../src/cache/key.ts';
import { FACTORS } from '../../src/cache/key.ts';

export const BASE: KeyFactors = {
  lens: 'review',
  itemHash: 'a'.repeat(64),
  contextDigest: 'b'.repeat(64),
  analysisVersion: 1,
  providerUrl: 'https://api.x.ai/v1',
  model: 'grok-4.3',
  resolvedModel: 'grok-4.3-0709',
  reasoningEffort: 'low',
  promptHash: 'c'.repeat(16),
  schemaVersion: 1,
  configHash: 'd'.repeat(16),
  redactionVersion: 1,
};

/** `BASE` with one factor changed, for each factor. */
export const CHANGED = FACTORS.map((name) => {
  const value = BASE[name];
  return [name, { ...BASE, [name]: typeof value === 'number' ? value + 1 : `${value}!` }] as const;
});
