import { existsSync, readdirSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../errors.ts';
import { byText } from '../util/order.ts';
import type { Embedder } from './embedder.ts';
import type { Library } from './library.ts';
import { loadLibrary } from './library.ts';
import type { Manifest } from './manifest.ts';
import { readManifest } from './manifest.ts';
import { checkName } from './name.ts';
import { openTransformers } from './transformers.ts';
import { verifyFiles } from './verify.ts';

/** A taken model as it lies on the disk. */
export type Installed =
  | { readonly kind: 'sound'; readonly name: string; readonly manifest: Manifest }
  | { readonly kind: 'damaged'; readonly name: string; readonly problem: string };

/** Every model below the folder, by name. `depth`: whether the files' sizes are looked at, or all their bytes. */
export function listInstalled(models: string, depth: 'sizes' | 'content'): Installed[] {
  if (!existsSync(models)) return [];
  return readdirSync(models, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => lookAt(models, name, depth))
    .sort((a, b) => byText(a.name, b.name));
}

/** Null where nothing of that name was taken. */
export function findInstalled(models: string, name: string, depth: 'sizes' | 'content'): Installed | null {
  return existsSync(join(models, checkName(name))) ? lookAt(models, name, depth) : null;
}

function lookAt(models: string, name: string, depth: 'sizes' | 'content'): Installed {
  const folder = join(models, name);
  try {
    const manifest = readManifest(folder);
    verifyFiles(folder, manifest, depth);
    return { kind: 'sound', name, manifest };
  } catch (error) {
    return { kind: 'damaged', name, problem: messageOf(error) };
  }
}

/**
 * Opens a taken model by its name; its files' sizes are checked. Throws UserError `model-missing`, `model-damaged`,
 * `transformers-missing`.
 */
export async function openInstalled(
  models: string,
  name: string,
  library: () => Promise<Library> = loadLibrary,
): Promise<Embedder> {
  const found = findInstalled(models, name, 'sizes');
  if (found === null) throw missing(name);
  if (found.kind === 'damaged') {
    const hint = `Remove it and take it anew: rustassistant models remove ${name}`;
    throw new UserError('model-damaged', `the model ${name} is damaged: ${found.problem}`, hint);
  }
  const { id, weights, pooling, prefixes, maxTokens, basis } = found.manifest;
  const recipe = { pooling, prefixes, maxTokens, basis };
  return openTransformers(await library(), { id, path: join(models, name), weights, recipe });
}

/** Its name goes first, so that no half of a model is ever found under it. Throws UserError `model-missing`. */
export async function removeInstalled(models: string, name: string): Promise<void> {
  const folder = join(models, checkName(name));
  if (!existsSync(folder)) throw missing(name);
  const doomed = join(models, `.removed-${name}`);
  rmSync(doomed, { recursive: true, force: true });
  await rename(folder, doomed);
  rmSync(doomed, { recursive: true, force: true });
}

function missing(name: string): UserError {
  const hint = `Take it with: rustassistant models pull ${name}. What is there: rustassistant models list`;
  return new UserError('model-missing', `there is no model ${name}`, hint);
}
