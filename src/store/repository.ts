import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../errors.ts';
import { byPath } from '../util/order.ts';
import type { Layout } from './layout.ts';

/** What is remembered of a repository beside its databases: `meta.json`. */
export interface RepositoryMeta {
  /** Canonical root. */
  readonly path: string;
  /** sha256 of the canonical root, in full: the repository's id. */
  readonly fullHash: string;
  readonly gitCommonDir: string | null;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch of the last sync of the whole that changed something; null before the first. */
  readonly lastSync: number | null;
}

export interface RepositoryPlace {
  readonly directory: string;
  /** `analysis.db`. */
  readonly analysis: string;
  /** `search.db`. */
  readonly search: string;
  /** `embeddings.lance`, a directory. */
  readonly vectors: string;
  readonly meta: RepositoryMeta;
}

export interface RepositoryIdentity {
  readonly path: string;
  readonly fullHash: string;
  readonly gitCommonDir: string | null;
}

const SHORTEST_PREFIX = 8;

/** Bumped when the directory's make-up changes, not its databases' tables. */
const PLACE_SCHEMA_VERSION = 1;

/**
 * Finds or makes the directory of a repository: the first 8 digits of its hash, more where another repository
 * has them already. Writes only where something is new.
 */
export function placeRepository(layout: Layout, identity: RepositoryIdentity): RepositoryPlace {
  for (let length = SHORTEST_PREFIX; ; length += 1) {
    const directory = join(layout.repositories, identity.fullHash.slice(0, length));
    const meta = readMeta(directory);
    if (meta !== null && meta.fullHash !== identity.fullHash) continue;
    const known = meta ?? { ...identity, schemaVersion: PLACE_SCHEMA_VERSION, lastSync: null };
    return saveMeta(placeAt(directory, known), { ...identity, schemaVersion: PLACE_SCHEMA_VERSION });
  }
}

/**
 * Writes what differs, atomically; nothing where nothing does. A power cut may lose it, and then it is made again:
 * a card is spared the flush.
 */
export function saveMeta(place: RepositoryPlace, changes: Partial<RepositoryMeta>): RepositoryPlace {
  const meta = { ...place.meta, ...changes };
  const stored = readMeta(place.directory);
  if (stored !== null && serialized(stored) === serialized(meta)) return { ...place, meta };
  // By hand: to load the library takes longer than all else that storing one changed file does.
  const path = join(place.directory, 'meta.json');
  const temporary = `${path}.${process.pid}`;
  // `cache clean` may have taken it away meanwhile.
  mkdirSync(place.directory, { recursive: true, mode: 0o700 });
  writeFileSync(temporary, serialized(meta), { mode: 0o600 });
  renameSync(temporary, path);
  return { ...place, meta };
}

/** Every repository that has a directory, by path. */
export function listRepositories(layout: Layout): RepositoryPlace[] {
  return directoriesIn(layout.repositories)
    .flatMap((name) => {
      const directory = join(layout.repositories, name);
      const meta = readMeta(directory);
      return meta === null ? [] : [placeAt(directory, meta)];
    })
    .sort((a, b) => byPath(a.meta, b.meta));
}

function directoriesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function placeAt(directory: string, meta: RepositoryMeta): RepositoryPlace {
  return {
    directory,
    analysis: join(directory, 'analysis.db'),
    search: join(directory, 'search.db'),
    vectors: join(directory, 'embeddings.lance'),
    meta,
  };
}

/** Null where there is none or it cannot be read as one: then the directory is anybody's. */
function readMeta(directory: string): RepositoryMeta | null {
  try {
    const text = readFileSync(join(directory, 'meta.json'), 'utf8');
    const meta = JSON.parse(text) as Partial<RepositoryMeta> | null;
    const { path, fullHash, gitCommonDir = null, schemaVersion = 0, lastSync = null } = meta ?? {};
    if (typeof path !== 'string' || typeof fullHash !== 'string') return null;
    return { path, fullHash, gitCommonDir, schemaVersion, lastSync };
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw error;
  }
}

function serialized({ path, fullHash, gitCommonDir, schemaVersion, lastSync }: RepositoryMeta): string {
  return `${JSON.stringify({ path, fullHash, gitCommonDir, schemaVersion, lastSync }, null, 2)}\n`;
}
