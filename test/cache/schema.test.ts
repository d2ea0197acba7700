import { describe, expect, test } from 'vitest';
import type { Schema } from '../../src/cache/schema.ts';
import { ANSWER_SCHEMA, RESULT_SCHEMA, compatibility, migrated } from '../../src/cache/schema.ts';

/** Version 3 is read as it is, 2 and 3 after their steps, 1 no more. */
const SCHEMA: Schema = {
  current: 4,
  minCompatible: 2,
  steps: [(value) => ({ ...value, three: true }), (value) => ({ ...value, four: true })],
};

describe('schema evolution', () => {
  test.each([
    [0, 'incompatible'],
    [1, 'incompatible'],
    [2, 'older'],
    [3, 'older'],
    [4, 'current'],
    [5, 'incompatible'],
  ])('version %i is %s', (version, expected) => {
    expect(compatibility(SCHEMA, version)).toBe(expected);
  });

  test('an older value passes through the steps that it lacks', () => {
    expect(migrated(SCHEMA, 2, { a: 1 })).toEqual({ a: 1, three: true, four: true });
    expect(migrated(SCHEMA, 3, { a: 1 })).toEqual({ a: 1, four: true });
    expect(migrated(SCHEMA, 4, { a: 1 })).toEqual({ a: 1 });
    expect(migrated(SCHEMA, 1, { a: 1 })).toBeNull();
    expect(migrated(SCHEMA, 5, { a: 1 })).toBeNull();
  });

  test.each([ANSWER_SCHEMA, RESULT_SCHEMA])('every compatible version has its step', (schema) => {
    expect(schema.steps).toHaveLength(schema.current - schema.minCompatible);
  });
});
