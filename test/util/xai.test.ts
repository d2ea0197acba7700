import { describe, expect, test } from 'vitest';
import { isXai } from '../../src/util/xai.ts';

describe('xAI is', () => {
  test.each(['https://api.x.ai', 'https://api.x.ai/v1', 'https://us-east-1.api.x.ai/v1'])('%s', (url) => {
    expect(isXai(url)).toBe(true);
  });
  test.each([
    'http://api.x.ai/v1',
    'https://a.b.api.x.ai/v1',
    'https://api.x.ai:8443/v1',
    'https://api.x.ai.evil.com/v1',
    'https://api.x.ai@evil.com/v1',
    'https://notapi.x.ai',
    'https://evil.com/https://api.x.ai/',
    'x.ai',
    '',
  ])('not %s', (url) => {
    expect(isXai(url)).toBe(false);
  });
});
