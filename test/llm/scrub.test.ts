import { expect, test } from 'vitest';

import { createScrub, messageLine } from '../../src/llm/scrub.ts';

const KEY = 'xai-Ab+/=.(1)';

test('a key is taken out wherever it stands, however JSON spells it', () => {
  const scrub = createScrub(KEY);
  expect(scrub(`a ${KEY} b ${KEY}${KEY}`)).toBe(
    'a [REDACTED:api-key] b [REDACTED:api-key][REDACTED:api-key]',
  );
  expect(scrub('"\\u0078ai-Ab\\u002B\\u002f=.(1)"')).toBe('"[REDACTED:api-key]"');
  expect(scrub('xai-AbXX=.(1)')).toBe('xai-AbXX=.(1)');
});

test('a placeholder is no key, and without a key nothing is taken out', () => {
  expect(createScrub('none')('none of it')).toBe('none of it');
  expect(createScrub(null)('anything')).toBe('anything');
});

test('a message is one short line', () => {
  const scrub = createScrub(KEY);
  expect(messageLine('  a\n\tb\u001b[2Jc\u202ed\u0000 ', scrub)).toBe('a b [2Jc d');
  expect(messageLine('x'.repeat(400), scrub)).toHaveLength(300);
  // The key straddles the cut: nothing of it is left.
  expect(messageLine('x'.repeat(294) + KEY, scrub)).toBe(`${'x'.repeat(294)}[REDA…`);
});
