import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../../src/config/keys.ts';
import type { Key } from '../../src/config/keys.ts';
import type { Kind } from '../../src/config/kinds.ts';
import { listOf, ratio, size, usd, wholeNumber, yesNo } from '../../src/config/kinds.ts';
import { baseUrl, isLoopback, isPrivate } from '../../src/config/url.ts';

const sizes = size(1, 4 * 2 ** 30);

describe('sizes', () => {
  it.each([
    ['1MiB', 1_048_576],
    ['500MB', 500_000_000],
    ['1.5 KiB', 1536],
    ['10KB', 10_000],
    ['7', 7],
    ['7B', 7],
    ['4GiB', 4 * 2 ** 30],
  ])('reads %s', (text, bytes) => {
    expect(sizes.read(text)).toBe(bytes);
    expect(sizes.parse(text)).toBe(bytes);
  });
  it.each(['', 'MiB', '-1', '1e3', '1 TB', '5GiB', '10kb', '0', '1MiB ', '1..5MB', '0x10'])(
    'refuses %j',
    (text) => expect(sizes.read(text)).toBeUndefined(),
  );
  it('reads whole numbers of bytes and no others', () => {
    expect([1536, 0, 1.5, -1, Infinity, 10n].map((value) => sizes.read(value))).toEqual([
      1536,
      ...Array<undefined>(5).fill(undefined),
    ]);
  });
});

describe('lists', () => {
  const names = listOf(['a', 'b']);
  it('reads each name once, in the order given', () => {
    expect(names.parse('b, a')).toEqual(['b', 'a']);
    expect(names.read([])).toEqual([]);
    for (const bad of ['a', ['c'], ['a', 'a'], [1], {}, null]) expect(names.read(bad)).toBeUndefined();
    expect(names.parse('a,,b')).toBeUndefined();
  });
});

it('numbers keep to their bounds and have no negative zero', () => {
  expect(Object.is(usd(5).read(-0), 0)).toBe(true);
  expect([0, 5, 5.01, -1, NaN].map((value) => usd(5).read(value))).toEqual([
    0,
    5,
    undefined,
    undefined,
    undefined,
  ]);
  expect([0, 0.5, 1, 1.1].map((value) => ratio().read(value))).toEqual([undefined, 0.5, 1, undefined]);
  expect([0, 1, 1.5, 9, 10].map((value) => wholeNumber(1, 9).read(value))).toEqual([
    undefined,
    1,
    undefined,
    9,
    undefined,
  ]);
});

/** What `show` writes, without the quotes a string has in TOML, reads as the same value again. */
function checkRoundTrip<T>(kind: Kind<T>, values: fc.Arbitrary<T>) {
  fc.assert(
    fc.property(values, (value) => {
      const text = kind.show(value);
      expect(kind.parse(text.startsWith('"') ? (JSON.parse(text) as string) : text)).toEqual(value);
    }),
  );
}

it('shows values as they can be read', () => {
  checkRoundTrip(size(0, 1e12), fc.integer({ min: 0, max: 1e12 }));
  checkRoundTrip(wholeNumber(0, 1e6), fc.integer({ min: 0, max: 1e6 }));
  checkRoundTrip(
    usd(1e5),
    fc.integer({ min: 0, max: 1e9 }).map((hundredths) => hundredths / 1e4),
  );
  checkRoundTrip(yesNo(), fc.boolean());
});

it('every default fits its own key', () => {
  for (const [key, row] of Object.entries(KEYS) as [string, Key<unknown>][]) {
    if (row.initial !== null) expect([key, row.kind.read(row.initial)]).toEqual([key, row.initial]);
  }
});

describe('addresses', () => {
  it.each([
    ['https://api.x.ai/v1/', 'https://api.x.ai/v1'],
    ['HTTP://LocalHost:8080', 'http://localhost:8080'],
    ['http://[::1]:80/v1//', 'http://[::1]/v1'],
    ['', ''],
  ])('reads %s', (text, url) => expect(baseUrl().read(text)).toBe(url));
  it.each([
    'ftp://x',
    'file:///etc/passwd',
    'x.ai',
    'https://u@h',
    'https://:p@h',
    'https://h?a',
    'https://h/?',
    'https://h#',
    7,
  ])('refuses %s', (text) => expect(baseUrl().read(text)).toBeUndefined());

  it('knows what stays on the machine and what stays near it', () => {
    const near = [
      'localhost',
      '127.0.0.1',
      '127.1',
      '[::1]',
      'a.localhost',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.9',
    ]
      .concat(['169.254.1.1', '100.64.0.1', '[fd00::1]', '[fe80::1]', 'ollama', 'pi.local', 'box.lan'])
      .map((host) => `http://${host}:1`);
    expect(near.map(isPrivate)).toEqual(near.map(() => true));
    expect(near.filter(isLoopback)).toEqual(near.slice(0, 5));
    const far = [
      '8.8.8.8',
      '172.32.0.1',
      '192.169.0.1',
      '100.128.0.1',
      '[2001:db8::1]',
      'x.ai',
      '10.1.2.3.nip.io',
    ]
      .concat(['127.0.0.1.evil.example', 'localhost.evil.example', 'notlocalhost.com', '11.0.0.1'])
      .map((host) => `http://${host}`);
    expect(far.map((url) => isPrivate(url) || isLoopback(url))).toEqual(far.map(() => false));
  });
});
