import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keep, restore } from '../../../scripts/train-embedder/checkpoint.ts';
import { freshFolder } from '../../support/cli.ts';

test('what was kept comes back under its key alone', () => {
  const path = join(freshFolder('training'), 'state.bin');
  const into = () => [new Float32Array(3), new Float32Array(1)] as const;
  expect(restore(path, 'one', into())).toBe(null);
  keep(path, 'one', 2, [Float32Array.of(1, 2.5, -3), Float32Array.of(7)]);
  expect(restore(path, 'another', into())).toBe(null);
  const state = into();
  expect(restore(path, 'one', state)).toBe(2);
  expect(state.map((values) => [...values])).toEqual([[1, 2.5, -3], [7]]);
});
