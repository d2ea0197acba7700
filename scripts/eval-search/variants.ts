/** The rankings that are compared: the recipe, nothing of it, and the recipe less each of its rules. */
import type { Embedder } from '../../src/embed/embedder.ts';
import type { Recipe } from '../../src/search/rank.ts';
import { BY_VECTORS, RECIPE } from '../../src/search/rank.ts';

/** Every rule in its neutral place. */
const PLAIN: Recipe = {
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

/** With vectors: each kind of evidence alone, both fused, both within the recipe, and with the weight of the model's kind. */
export function vectorVariants(kind: Embedder['kind']): Readonly<Record<string, Recipe>> {
  const variants: Record<string, Recipe> = {
    recipe: FULL,
    keyword: PLAIN,
    vector: { ...PLAIN, lambda: 1e6 },
    'RRF, λ 1': { ...PLAIN, fusion: 'rrf', lambda: 1 },
    'recipe, RRF, λ 1': { ...FULL, fusion: 'rrf', lambda: 1 },
    hybrid: { ...FULL, ...BY_VECTORS[kind] },
    'hybrid, also what is far': { ...FULL, ...BY_VECTORS[kind], least: FULL.least },
  };
  for (const lambda of [0.4, 0.7, 1, 1.5]) {
    variants[`linear, λ ${lambda}`] = { ...PLAIN, lambda };
    variants[`recipe, λ ${lambda}`] = { ...FULL, ...BY_VECTORS[kind], lambda };
  }
  return variants;
}
