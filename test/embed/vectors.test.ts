import { expect, test } from 'vitest';
import { cosine, normalised, pool } from '../../src/embed/vectors.ts';

const shape = { width: 3, dimensions: 2 };
// Two texts of three tokens; the second's last is padding.
const states = Float32Array.of(3, 0, 0, 3, 0, 0, 0, 5, 0, 1, 90, 90);

test('the mean leaves padding out, cls takes the first token alone', () => {
  const [first, second] = pool(states, shape, [3, 2], 'mean');
  expect(first?.[0]).toBeCloseTo(Math.SQRT1_2);
  expect(first?.[1]).toBeCloseTo(Math.SQRT1_2);
  expect([...(second ?? [])]).toEqual([0, 1]);
  expect([...(pool(states, shape, [3, 2], 'cls')[0] ?? [])]).toEqual([1, 0]);
});

test('zeros stay zeros instead of becoming NaN', () => {
  expect([...normalised(new Float32Array(3))]).toEqual([0, 0, 0]);
  expect(cosine([0, 0], [1, 0])).toBe(0);
  expect(cosine([1, 2], [2, 4])).toBeCloseTo(1);
});
