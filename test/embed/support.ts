import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recipeOf } from '../../src/embed/recipe.ts';
import type { Embedder } from '../../src/embed/embedder.ts';
import { inspectFolder } from '../../src/embed/folder.ts';
import { loadLibrary } from '../../src/embed/library.ts';
import { openTransformers } from '../../src/embed/transformers.ts';
import { freshFolder } from '../support/cli.ts';
import type { ToyOptions } from '../support/toy-model.ts';
import { toyModel } from '../support/toy-model.ts';

/** A toy model in a new folder of that name. */
export function toyFolder(options: ToyOptions = {}, name = 'toy'): string {
  return toyModel(join(freshFolder('model'), name), options);
}

/** Opens a folder as what its name says. */
export async function opened(path: string, name: string): Promise<Embedder> {
  const folder = inspectFolder(path);
  const recipe = recipeOf(name, folder);
  return openTransformers(await loadLibrary(), { id: name, path, weights: folder.weights, recipe });
}

/** A real model's folder: below `RUSTASSISTANT_TEST_MODELS`, else `.models/`. Null where it was not brought. */
export function realModel(name: string): string | null {
  const models = process.env['RUSTASSISTANT_TEST_MODELS'] ?? join(import.meta.dirname, '..', '..', '.models');
  const folder = join(models, name);
  return existsSync(join(folder, 'config.json')) ? folder : null;
}
