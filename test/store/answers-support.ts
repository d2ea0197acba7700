import type { KeyFactors } from '../../src/cache/key.ts';
import { itemKey } from '../../src/cache/key.ts';
import type { AnsweredRequest, AnswerToStore } from '../../src/store/answers.ts';
import type { Answer, Usage } from '../../src/types/answer.ts';
import { sha256 } from '../../src/util/hash.ts';

export const NOW = Date.UTC(2026, 0, 31);

export const USAGE: Usage = {
  ticks: 5_000_000,
  estimated: false,
  inputTokens: 900,
  cachedTokens: 100,
  outputTokens: 90,
};

export const factors = (item: string, given: Partial<KeyFactors> = {}): KeyFactors => ({
  lens: 'review',
  itemHash: sha256(item),
  contextDigest: sha256(''),
  analysisVersion: 1,
  providerUrl: 'https://api.x.ai/v1',
  model: 'grok-4.3',
  resolvedModel: 'grok-4.3-0709',
  reasoningEffort: 'low',
  promptHash: 'p',
  schemaVersion: 1,
  configHash: 'c',
  redactionVersion: 1,
  ...given,
});

export const key = (item: string): string => itemKey(factors(item));

export const complete = (title: string): Answer => ({
  status: 'complete',
  findings: [
    {
      quote: 'let x = y;',
      severity: 'high',
      category: 'correctness',
      title,
      message: 'm',
      suggestion: 's',
      start: 0,
      end: 10,
    },
  ],
  cites: [sha256('cited')],
  unanchored: 0,
});

export const toStore = (item: string, answer: Answer = complete(item)): AnswerToStore => ({
  itemKey: key(item),
  factors: factors(item),
  answer,
  usage: USAGE,
});

/** One answer for each key, whatever item it stands for. */
export const request = (
  requestId: string,
  keys: readonly string[],
  given: Partial<AnsweredRequest> = {},
): AnsweredRequest => ({
  requestId,
  model: 'grok-4.3-0709',
  usage: USAGE,
  at: NOW,
  repository: 'repo',
  untrusted: false,
  answers: keys.map((itemKey) => ({ ...toStore(itemKey), itemKey })),
  ...given,
});
