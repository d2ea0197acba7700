import { expect, test } from 'vitest';
import { hubOf } from '../../src/config/hub.ts';
import { proxyOf } from '../../src/config/proxy.ts';

test.each([
  [undefined, 'https://huggingface.co'],
  ['', 'https://huggingface.co'],
  ['https://mirror.example/hf/', 'https://mirror.example/hf'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://nas.local', 'http://nas.local'],
])('HF_ENDPOINT %s: %s', (given, expected) => {
  expect(hubOf({ HF_ENDPOINT: given })).toBe(expected);
});

test.each(['hub', 'ftp://a', 'http://mirror.example', 'https://user:pass@a', 'https://a?x=1', 'file:///etc'])(
  'HF_ENDPOINT %s is refused, and not repeated where it may hold a password',
  (given) => {
    const refused = expect.objectContaining({
      code: 'bad-endpoint',
      message: expect.not.stringContaining('pass@') as string,
    });
    expect(() => hubOf({ HF_ENDPOINT: given })).toThrow(refused as Error);
  },
);

test('proxies: the lower-case name wins, an empty one is none', () => {
  expect(
    proxyOf({ HTTPS_PROXY: 'http://a', https_proxy: 'http://b', HTTP_PROXY: '', NO_PROXY: 'c' }),
  ).toEqual({
    httpsProxy: 'http://b',
    noProxy: 'c',
  });
});
