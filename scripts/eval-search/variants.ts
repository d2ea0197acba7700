/** The rankings that are compared: the recipe, nothing of it, and the recipe less each of its rules. */
import type { Recipe } from '../../src/search/rank.ts';
import { RECIPE } from '../../src/search/rank.ts';

/** Every rule in its neutral place. */
export const PLAIN: Recipe = {
  ...RECIPE,
  lambda: 0,
  test: 1,
  fileName: 0,
  itemName: 0,
  file: 0,
  definition: 'off',
};
const FULL: Recipe = { ...RECIPE, lambda: 0 };

export const VARIANTS = {
  keyword: PLAIN,
  recipe: FULL,
  'recipe, tests as other code': { ...FULL, test: PLAIN.test },
  'recipe, no file names': { ...FULL, fileName: PLAIN.fileName },
  'recipe, no item names': { ...FULL, itemName: PLAIN.itemName },
  'recipe, no whole files': { ...FULL, file: PLAIN.file },
  'recipe, no definitions': { ...FULL, definition: PLAIN.definition },
} as const satisfies Record<string, Recipe>;
