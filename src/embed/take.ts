import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, systemCode } from '../errors.ts';
import { DIMENSIONS } from './embedder.ts';
import type { ModelFolder } from './folder.ts';
import { inspectFolder } from './folder.ts';
import type { Library } from './library.ts';
import type { FileFacts, Manifest } from './manifest.ts';
import { MANIFEST, modelId } from './manifest.ts';
import { recipeOf } from './recipe.ts';
import { openTransformers } from './transformers.ts';
import { tryModel } from './trial.ts';
import { writeFile } from './write.ts';

/** Where a model comes from: puts its files into an empty folder, and tells what they are. */
export interface Origin {
  /** Kept for people: a folder, an address. */
  readonly source: string;
  fill(folder: string): Promise<Readonly<Record<string, FileFacts>>>;
}

export interface Taking {
  /** The folder of all models. */
  readonly models: string;
  readonly name: string;
  readonly library: Library;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** All files are there; running them takes seconds on a small machine. */
  readonly onTrial?: (() => void) | undefined;
}

const PREFIX = '.taking-';
const UNFINISHED = /^\.(taking|removed)-/;
/** What is older was left behind by a process that was killed. */
const ABANDONED_MS = 24 * 3600 * 1000;

/**
 * Takes a model: its files are brought into a folder beside the target, looked at, tried, and only then get their
 * name, at once. Whatever happens on the way leaves nothing behind. Throws UserError `bad-model`, `model-exists`.
 */
export async function takeModel(taking: Taking, origin: Origin): Promise<Manifest> {
  const { models, name } = taking;
  await mkdir(models, { recursive: true, mode: 0o700 });
  removeAbandoned(models, taking.nowMs);
  const folder = await mkdtemp(join(models, PREFIX));
  try {
    const files = await origin.fill(folder);
    taking.onTrial?.();
    const manifest = await tried(taking, origin.source, inspectFolder(folder), files);
    const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    await writeFile(folder, MANIFEST, oneChunk(text));
    taking.signal.throwIfAborted();
    await giveName(folder, join(models, name));
    return manifest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tried(
  { name, library, nowMs }: Taking,
  source: string,
  folder: ModelFolder,
  files: Manifest['files'],
): Promise<Manifest> {
  const recipe = recipeOf(name, folder);
  const id = modelId(name, files, recipe);
  const { path, weights } = folder;
  const embedder = await openTransformers(library, { id, path, weights, recipe });
  try {
    await tryModel(embedder, name);
  } finally {
    await embedder.close();
  }
  const takenAt = new Date(nowMs).toISOString();
  return { schemaVersion: 1, id, source, takenAt, dimensions: DIMENSIONS, weights, ...recipe, files };
}

/** A folder that is there with something in it is never replaced: `rename` itself refuses. */
async function giveName(folder: string, target: string): Promise<void> {
  try {
    await rename(folder, target);
  } catch (error) {
    if (existsSync(target) && ['EEXIST', 'ENOTEMPTY', 'EPERM', 'ENOTDIR'].includes(systemCode(error))) {
      throw alreadyThere(target);
    }
    throw error;
  }
}

function alreadyThere(target: string): UserError {
  const hint = 'Remove it first (rustassistant models remove NAME), or give another name: --name NAME';
  return new UserError('model-exists', `there is another model at ${target}`, hint);
}

function removeAbandoned(models: string, nowMs: number): void {
  for (const name of readdirSync(models).filter((entry) => UNFINISHED.test(entry))) {
    const path = join(models, name);
    const modifiedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (nowMs - modifiedMs > ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}

async function* oneChunk(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
