import { describe, expect, test } from 'vitest';

import { catalogued, effortFor, priceAt, priceOf } from '../../src/llm/catalogue.ts';

const XAI = 'https://api.x.ai/v1';
const ELSEWHERE = 'https://api.example.com/v1';
const UNSET = { input: null, cachedInput: null, output: null };

describe('the price of a model', () => {
  const api = { input: 9, cachedInput: 8, output: 7, source: 'api' } as const;
  const config = { input: 3, cachedInput: null, output: 4 };

  test('is what the API tells, then the catalogue, then the configuration', () => {
    expect(priceOf('grok-4.3', { baseUrl: XAI, api, config })).toBe(api);
    expect(priceOf('grok-4.3', { baseUrl: XAI, api: null, config })).toMatchObject({
      input: 1.25,
      source: 'catalogue',
    });
    expect(priceOf('own', { baseUrl: XAI, api: null, config })).toEqual({
      input: 3,
      cachedInput: 3,
      output: 4,
      source: 'config',
    });
  });

  test('of the catalogue holds for xAI alone', () => {
    expect(priceOf('grok-4.3', { baseUrl: ELSEWHERE, api: null, config: UNSET })).toBeNull();
  });

  test('is unknown where a part of it is, and free where it is 0', () => {
    const half = { ...UNSET, input: 1 };
    expect(priceOf('own', { baseUrl: ELSEWHERE, api: null, config: half })).toBeNull();
    const free = { input: 0, cachedInput: 0, output: 0 };
    expect(priceOf('own', { baseUrl: ELSEWHERE, api: null, config: free })).toMatchObject(free);
  });

  test('doubles from a threshold on where the list says so', () => {
    const dear = catalogued('grok-4.7', XAI);
    const price = priceOf('grok-4.7', { baseUrl: XAI, api: null, config: UNSET });
    if (price === null) throw new Error('grok-4.7 has a list price');
    expect(priceAt(price, dear, 199_999)).toMatchObject({ input: 2, cachedInput: 0.5, output: 6 });
    expect(priceAt(price, dear, 200_000)).toMatchObject({ input: 4, cachedInput: 1, output: 12 });
    expect(priceAt(price, catalogued('grok-4.3', XAI), 900_000)).toBe(price);
  });
});

test('a dated release is its model, another model of a like name is not', () => {
  expect(catalogued('grok-4.3-0131', XAI)?.id).toBe('grok-4.3');
  expect(catalogued('grok-4.3-latest', XAI)?.id).toBe('grok-4.3');
  expect(catalogued('grok-4.3-mini', XAI)).toBeNull();
  expect(catalogued('grok-4.30', XAI)).toBeNull();
});

test.each([
  ['grok-4.3', XAI, 'low', 'low'],
  ['grok-4.3', XAI, 'none', 'none'],
  ['grok-4.3', XAI, 'xhigh', 'high'],
  ['grok-4.3', XAI, 'minimal', 'low'],
  ['grok-4.3', XAI, '', null],
  ['grok-4.7', XAI, 'none', 'low'],
  ['grok-4.7', XAI, 'xhigh', 'xhigh'],
  ['grok-4.20', XAI, 'low', null],
  ['own', XAI, 'low', null],
  ['grok-4.3', ELSEWHERE, 'low', null],
])('%s at %s is asked with effort %j as %j', (model, url, wanted, sent) => {
  expect(effortFor(model, url, wanted)).toBe(sent);
});
