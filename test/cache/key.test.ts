import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyFactors } from '../../src/cache/key.ts';
import { FACTORS, fileKey, itemKey, shortHash } from '../../src/cache/key.ts';
import { BASE, CHANGED } from './support.ts';

describe('itemKey', () => {
  test('is the same for the same factors, whatever their order and company', () => {
    const backwards = Object.fromEntries(Object.entries(BASE).reverse()) as unknown as KeyFactors;
    const carrier = { ...backwards, line: 7, path: 'src/lib.rs' };
    expect(itemKey(carrier)).toBe(itemKey(BASE));
    // Written down: a key that changes by itself is a second bill for everything.
    expect(itemKey(BASE)).toBe('bdc340b318d167f3f8aca28edeab2487c8bb82efedbeb039206e44dc1721a720');
  });

  test('holds every factor of a key', () => {
    expect([...FACTORS].sort()).toEqual(Object.keys(BASE).sort());
  });

  test.each(CHANGED)('%s alone makes another key', (_, changed) => {
    expect(itemKey(changed)).not.toBe(itemKey(BASE));
  });

  test('is injective in its factors', () => {
    // Few values and shared characters: what one factor loses the next could gain.
    const text = fc.constantFrom('', 'a', 'b', 'ab', 'a","model":"b', '1');
    const number = fc.constantFrom(0, 1, 11);
    const factors = fc.record(
      Object.fromEntries(FACTORS.map((name) => [name, typeof BASE[name] === 'number' ? number : text])),
    ) as unknown as fc.Arbitrary<KeyFactors>;
    fc.assert(
      fc.property(factors, factors, (a, b) => {
        const equal = FACTORS.every((name) => a[name] === b[name]);
        expect(itemKey(a) === itemKey(b)).toBe(equal);
      }),
      { numRuns: 500 },
    );
  });
});

test('fileKey changes with its path, its content and everything that all its items share', () => {
  const file = { path: 'src/lib.rs', contentHash: 'c', variant: 'v' };
  const others = [
    { ...file, path: 'src/main.rs' },
    { ...file, contentHash: 'd' },
    { ...file, variant: 'w' },
  ];
  expect(new Set([file, ...others, { ...file }].map(fileKey)).size).toBe(others.length + 1);
});

test('shortHash of a value does not depend on the order of its keys', () => {
  expect(shortHash({ a: 1, b: [true, null] })).toBe(shortHash({ b: [true, null], a: 1 }));
  expect(shortHash('')).toBe('e3b0c44298fc1c14');
});
