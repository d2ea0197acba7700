import { existsSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import type { FileRole } from '../types/source.ts';
import { readText } from './git-dir.ts';
import type { Targets } from './manifest.ts';
import { readTargets } from './manifest.ts';

/** A Cargo package as the roles of its files need it. Paths are relative to the package, with `/`. */
export interface Package {
  readonly place: Place;
  /** The library's root file; null where there is none: then what lies in `src` belongs to the binaries. */
  readonly library: string | null;
  readonly buildScript: string;
  /** Files (and, with a final slash, directories) that the manifest gives a role against the conventions. */
  readonly targets: ReadonlyMap<string, FileRole>;
}

/** Where a package stands. */
export interface Place {
  /** Its directory relative to the root, with a final slash; `''` for the root. */
  readonly base: string;
  /** A package inside another's `tests`, `benches` or `examples` is that, whatever its own layout. */
  readonly inherited: FileRole | null;
  /** False for a root without one. */
  readonly manifest: boolean;
}

const FOLDERS: ReadonlyMap<string, FileRole> = new Map([
  ['tests', 'test'],
  ['benches', 'bench'],
  ['examples', 'example'],
]);

/** The part that a file plays: Cargo's layout, the manifest's exceptions, and modules named for tests. */
export function roleOf(path: string, owner: Package): FileRole {
  if (owner.place.inherited !== null) return owner.place.inherited;
  const own = path.slice(owner.place.base.length);
  if (own === owner.library) return 'library';
  if (own === owner.buildScript) return 'build';
  const declared = declaredRole(own, owner);
  if (declared !== null) return declared;
  if (own.startsWith('src/')) return sourceRole(own, owner);
  const role = folderRole(own);
  if (role !== null) return role;
  if (isTestModule(own)) return 'test';
  // Modules of the build script.
  if (/^build[/_]/.test(own)) return 'build';
  return owner.library === null && own === 'main.rs' ? 'binary' : 'library';
}

function sourceRole(path: string, { library }: Package): FileRole {
  if (isTestModule(path)) return 'test';
  if (library === null || path === 'src/main.rs' || path.startsWith('src/bin/')) return 'binary';
  return 'library';
}

/** `#[cfg(test)] mod tests;` puts a module of tests into a file of its own, or into a directory. */
function isTestModule(path: string): boolean {
  return (
    path.endsWith('/tests.rs') ||
    path.endsWith('_tests.rs') ||
    path.endsWith('_test.rs') ||
    path.includes('/tests/')
  );
}

/** The place of a package in `base`, inside the package `outer`. */
export function placeInside(base: string, outer: Place): Place {
  // Where no package is around it, a folder called `examples` says nothing about Cargo.
  const inherited = outer.inherited ?? (outer.manifest ? folderRole(base.slice(outer.base.length)) : null);
  return { base, inherited, manifest: true };
}

/** Reads the package's manifest; a broken one is noted, and the conventions stand. */
export async function readPackage(
  root: string,
  place: Place,
): Promise<{ readonly owner: Package; readonly notice: Notice | null }> {
  const path = `${place.base}Cargo.toml`;
  const library = existsSync(`${root}/${place.base}src/lib.rs`) ? 'src/lib.rs' : null;
  const owner: Package = { place, library, buildScript: 'build.rs', targets: new Map() };
  if (!place.manifest) return { owner, notice: null };
  const text = readText(`${root}/${path}`);
  if (text === undefined) {
    const message = `${path} cannot be read; the roles of its files follow their paths`;
    return { owner, notice: { code: 'manifest-unreadable', message } };
  }
  try {
    return { owner: withManifest(owner, await readTargets(text)), notice: null };
  } catch (error) {
    const reason = messageOf(error).split('\n')[0];
    const message = `${path} is not valid (${reason}); the roles of its files follow their paths`;
    return { owner, notice: { code: 'manifest-invalid', message } };
  }
}

function withManifest(owner: Package, { library: named, build, others }: Targets): Package {
  const library = named ?? owner.library;
  const targets = new Map<string, FileRole>();
  const add = (path: string, role: FileRole) => {
    targets.set(path, role);
    const directory = path.slice(0, path.lastIndexOf('/') + 1);
    // `cli/main.rs` brings its modules along, unless others live there as well.
    const shared =
      ['', 'src/', 'src/bin/'].includes(directory) ||
      folderRole(path) !== null ||
      library?.startsWith(directory) === true;
    if (!shared) targets.set(directory, role);
  };
  for (const { path, role } of others) add(path, role);
  if (build !== null && build !== 'build.rs') add(build, 'build');
  return { ...owner, library, buildScript: build ?? owner.buildScript, targets };
}

function declaredRole(path: string, { targets }: Package): FileRole | null {
  if (targets.size === 0) return null;
  const exact = targets.get(path);
  if (exact !== undefined) return exact;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const role = targets.get(path.slice(0, slash + 1));
    if (role !== undefined) return role;
  }
  return null;
}

/** From the first of Cargo's own folders on the way; below `src` they are modules like others. */
function folderRole(path: string): FileRole | null {
  const folder = /^(?:(?!src\/)[^/]+\/)*?(tests|benches|examples)\//.exec(path)?.[1];
  return FOLDERS.get(folder ?? '') ?? null;
}
