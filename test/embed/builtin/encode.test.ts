import { expect, test } from 'vitest';
import { newEncoder } from '../../../src/embed/builtin/encode.ts';
import type { Field } from '../../../src/embed/builtin/fields.ts';
import { FIELDS, GROUPS } from '../../../src/embed/builtin/fields.ts';
import type { Model } from '../../../src/embed/builtin/format.ts';
import { dot } from '../../../src/embed/vectors.ts';

const WORDS = ['read', 'write', 'file', 'lock'];
const EMPTY = Object.fromEntries(FIELDS.map((field) => [field, ''])) as Record<Field, string>;

/** Word n points along axis n. */
function axes(fields: Partial<Record<Field, number>> = {}): Model {
  const table = new Int8Array(WORDS.length * 384);
  WORDS.forEach((_, row) => (table[row * 384 + row] = 100));
  return {
    digest: '',
    header: {
      ...{ name: '', licence: '', trainedOn: '', rows: WORDS.length, dimensions: 384, vocabularyBytes: 1 },
      fields: {
        ...(Object.fromEntries(FIELDS.map((field) => [field, 1])) as Record<Field, number>),
        ...fields,
      },
    },
    rows: new Map(WORDS.map((word, row) => [word, row])),
    scales: new Float32Array(WORDS.length * GROUPS.length).fill(0.01),
    table,
  };
}

const start = (vector: Float32Array): number[] => [...vector.subarray(0, WORDS.length)];

test('a text is the sum of its words, scaled to length 1', () => {
  const [read = 0, , file = 0] = start(newEncoder(axes()).query('read file'));
  expect(read).toBeCloseTo(Math.SQRT1_2, 6);
  expect(file).toBeCloseTo(Math.SQRT1_2, 6);
});

test('a word that stands there n times counts 1 + ln n', () => {
  const [read = 0, write = 0] = start(newEncoder(axes()).query('read read read write'));
  expect(read / write).toBeCloseTo(1 + Math.log(3), 5);
  const [many = 0, one = 0] = start(newEncoder(axes()).query(`${'read '.repeat(16)}write`));
  expect(many / one).toBeCloseTo(1 + Math.log(16), 5);
});

test('each field is over the root of its words, and has its own weight', () => {
  const encoder = newEncoder(axes({ name: 2 }));
  const [read = 0, write = 0, file = 0] = start(encoder.item({ ...EMPTY, name: 'read', body: 'write file' }));
  expect(read / write).toBeCloseTo(2 * Math.SQRT2, 5);
  expect(write).toBe(file);
});

test('a text in which nothing is known is all zeros, and leaves nothing behind', () => {
  const encoder = newEncoder(axes());
  expect(encoder.query('').every((value) => value === 0)).toBe(true);
  expect(encoder.item(EMPTY).every((value) => value === 0)).toBe(true);
  const before = encoder.query('lock');
  encoder.item({ ...EMPTY, body: 'read write file lock '.repeat(50) });
  expect([...encoder.query('lock')]).toEqual([...before]);
  expect(dot(before, before)).toBeCloseTo(1, 6);
});
