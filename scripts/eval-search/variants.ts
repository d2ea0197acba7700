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

/** With vectors: each kind of evidence alone, both fused, and both within the recipe. */
export const VECTOR_VARIANTS = {
  recipe: FULL,
  keyword: PLAIN,
  vector: { ...PLAIN, lambda: 1e6 },
  'linear, λ .4': { ...PLAIN, lambda: 0.4 },
  'linear, λ .7': { ...PLAIN, lambda: 0.7 },
  'linear, λ 1': { ...PLAIN, lambda: 1 },
  'RRF, λ 1': { ...PLAIN, fusion: 'rrf', lambda: 1 },
  'recipe, λ .4': { ...FULL, lambda: 0.4 },
  'recipe, λ .7': { ...FULL, lambda: 0.7 },
  'recipe, λ 1': { ...FULL, lambda: 1 },
  'recipe, λ 1.5': { ...FULL, lambda: 1.5 },
  'recipe, RRF, λ 1': { ...FULL, fusion: 'rrf', lambda: 1 },
} as const satisfies Record<string, Recipe>;
