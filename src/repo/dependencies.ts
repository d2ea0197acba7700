import { join, posix } from 'node:path';
import { readText } from './git-dir.ts';

/** What a Cargo package says of itself and of what it is built on. */
export interface PackageFacts {
  /** Its directory relative to the root, with a final slash; `''` for the root. */
  readonly base: string;
  readonly name: string | null;
  /** Directories of path dependencies inside the root, in the form of `base`, with the names they are called by. */
  readonly paths: readonly { readonly base: string; readonly crate: string }[];
  /** Crates of a registry, by the names that they have there. */
  readonly crates: readonly string[];
}

const TABLES = ['dependencies', 'dev-dependencies', 'build-dependencies'] as const;

type Table = Readonly<Record<string, unknown>>;

/** Reads a package's manifest; null where there is none, or none that can be read. */
export async function readPackageFacts(root: string, base: string): Promise<PackageFacts | null> {
  const manifest = await tomlAt(join(root, base, 'Cargo.toml'));
  if (manifest === null) return null;
  // A workspace's shared dependencies stand in the manifest at its root.
  const outer = base === '' ? manifest : ((await tomlAt(join(root, 'Cargo.toml'))) ?? {});
  const shared = table(table(outer['workspace'])['dependencies']);
  const paths: { base: string; crate: string }[] = [];
  const crates = new Set<string>();
  for (const [name, own] of dependenciesOf(manifest)) {
    const inherited = table(own)['workspace'] === true;
    const given = inherited ? shared[name] : own;
    const path = table(given)['path'];
    const from = inherited ? '' : base;
    const renamed = table(given)['package'];
    if (typeof path !== 'string') crates.add(typeof renamed === 'string' ? renamed : name);
    else {
      const folder = folderOf(from, path);
      if (folder !== null) paths.push({ base: folder, crate: name });
    }
  }
  const name = table(manifest['package'])['name'];
  return { base, name: typeof name === 'string' ? name : null, paths, crates: [...crates] };
}

/** Name and version of each package that a `Cargo.lock` took from a registry; null where there is none to read. */
export async function lockedVersions(
  root: string,
  base: string,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  for (let at = base; ; at = at.slice(0, at.lastIndexOf('/', at.length - 2) + 1)) {
    const lock = await tomlAt(join(root, at, 'Cargo.lock'));
    if (lock !== null) return versionsIn(lock);
    if (at === '') return null;
  }
}

function versionsIn(lock: Table): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  const packages = lock['package'];
  for (const entry of Array.isArray(packages) ? packages : []) {
    const { name, version, source } = table(entry);
    if (typeof name !== 'string' || typeof version !== 'string' || typeof source !== 'string') continue;
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}

/** A path dependency's directory relative to the root; null where it lies outside. */
function folderOf(from: string, path: string): string | null {
  const folder = posix.join(from, path).replace(/\/$/, '');
  if (posix.isAbsolute(path) || folder === '..' || folder.startsWith('../')) return null;
  return folder === '.' ? '' : `${folder}/`;
}

function dependenciesOf(manifest: Table): [string, unknown][] {
  const targets = Object.values(table(manifest['target'])).map(table);
  return [manifest, ...targets].flatMap((one) => TABLES.flatMap((name) => Object.entries(table(one[name]))));
}

async function tomlAt(path: string): Promise<Table | null> {
  const text = readText(path);
  if (text === undefined) return null;
  const { parse } = await import('smol-toml');
  try {
    return parse(text) as Table;
  } catch {
    // The walk has a notice for a manifest that is not valid.
    return null;
  }
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}
