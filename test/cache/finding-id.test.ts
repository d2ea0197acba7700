import { expect, test } from 'vitest';
import { findingId } from '../../src/cache/finding-id.ts';

const FINDING = { rule: 'transmute', path: 'src/a.rs', item: 'f', quote: 'let x = y;', ordinal: 0 };

test('the same however the quote is laid out', () => {
  expect(findingId({ ...FINDING, quote: '\n\tlet x  =\r\n   y;  ' })).toBe(findingId(FINDING));
  expect(findingId(FINDING)).toMatch(/^[0-9a-f]{16}$/);
});

test('another for another rule, file, item, quote or place among equals', () => {
  const others = [
    { ...FINDING, rule: 'static-mut' },
    { ...FINDING, path: 'src/b.rs' },
    { ...FINDING, item: 'g' },
    { ...FINDING, quote: 'let x = z;' },
    { ...FINDING, ordinal: 1 },
    { ...FINDING, path: 'src/a.rsf', item: '' },
  ];
  expect(new Set([FINDING, ...others].map(findingId)).size).toBe(others.length + 1);
});
