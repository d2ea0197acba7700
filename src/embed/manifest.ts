import { canonicalJson } from '../util/canonical.ts';
import { sha256 } from '../util/hash.ts';
import { DIMENSIONS } from './embedder.ts';
import { badModel } from './fault.ts';
import type { FileRow } from './files.ts';
import { fileRow } from './files.ts';
import { isObject, readObject } from './read.ts';
import type { Recipe } from './recipe.ts';

/** `model.json` beside a model's files: what was taken, from where, and how its vectors are made. */
export interface Manifest extends Recipe {
  readonly schemaVersion: 1;
  /** Names all that the vectors depend on. */
  readonly id: string;
  /** The folder or the address it came from. */
  readonly source: string;
  readonly takenAt: string;
  readonly dimensions: number;
  readonly weights: string;
  readonly files: Readonly<Record<string, FileFacts>>;
}

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

export const MANIFEST: FileRow = { name: 'model.json', maxBytes: 64 * 2 ** 10, need: 'required' };

/** Bumped when `transformers.ts` makes other vectors of the same files. */
const VECTORS_VERSION = 1;

/** `e5-small-v2-3f9c…`: the name for people, and a hash over files and recipe. */
export function modelId(name: string, files: Manifest['files'], recipe: Recipe): string {
  const { pooling, prefixes, maxTokens } = recipe;
  const hashes = Object.fromEntries(
    Object.entries(files)
      .filter(([file]) => fileRow(file)?.need !== 'optional')
      .map(([file, facts]) => [file, facts.sha256]),
  );
  const factors = { version: VECTORS_VERSION, pooling, prefixes: { ...prefixes }, maxTokens, files: hashes };
  return `${name}-${sha256(canonicalJson(factors)).slice(0, 12)}`;
}

/** Throws UserError `bad-model` where it is missing or not what this program writes. */
export function readManifest(folder: string): Manifest {
  const value = readObject(folder, MANIFEST);
  if (value === null) throw badModel(`it has no ${MANIFEST.name}`);
  if (isManifest(value)) return value;
  throw badModel(`${MANIFEST.name} is not what this version writes`);
}

function isManifest(value: object): value is Manifest {
  const { schemaVersion, id, source, takenAt, dimensions, weights, files, ...recipe } =
    value as Partial<Manifest>;
  const { pooling, prefixes, maxTokens, basis } = recipe;
  return (
    schemaVersion === 1 &&
    [id, source, takenAt, prefixes?.query, prefixes?.passage].every((text) => typeof text === 'string') &&
    dimensions === DIMENSIONS &&
    (pooling === 'mean' || pooling === 'cls') &&
    Number.isInteger(maxTokens) &&
    (basis === 'known' || basis === 'folder' || basis === 'assumed') &&
    isObject(files) &&
    Object.entries(files).every(([name, facts]) => fileRow(name) !== null && isFacts(facts)) &&
    typeof weights === 'string' &&
    Object.hasOwn(files, weights)
  );
}

function isFacts(value: unknown): value is FileFacts {
  return isObject(value) && Number.isSafeInteger(value['bytes']) && typeof value['sha256'] === 'string';
}
