import { expect, test } from 'vitest';
import { itemKey } from '../../src/cache/key.ts';
import { explainMiss } from '../../src/cache/why.ts';
import { BASE, CHANGED } from './support.ts';

test.each(CHANGED)('%s changed alone is named alone', (name, changed) => {
  expect(itemKey(changed)).not.toBe(itemKey(BASE));
  expect(explainMiss(changed, [BASE])).toEqual({ differs: [name], nearest: BASE });
});

test('nothing stored: nothing differs, nothing is near', () => {
  expect(explainMiss(BASE, [])).toEqual({ differs: [], nearest: null });
});

test('the nearest is compared, the earlier one of equals', () => {
  const far = { ...BASE, model: 'm', promptHash: 'p', configHash: 'c' };
  const near = { ...BASE, promptHash: 'p' };
  const equal = { ...BASE, model: 'm' };
  expect(explainMiss(BASE, [far, near, equal])).toEqual({ differs: ['promptHash'], nearest: near });
  expect(explainMiss(BASE, [far])).toMatchObject({ differs: ['model', 'promptHash', 'configHash'] });
});

test('an equal one is no miss', () => {
  expect(explainMiss(BASE, [{ ...BASE, model: 'm' }, BASE]).differs).toEqual([]);
});
