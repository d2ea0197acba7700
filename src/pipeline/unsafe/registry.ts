import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { userHome } from '../../config/home.ts';
import type { Host } from '../../host.ts';
import type { PackageFacts } from '../../repo/dependencies.ts';
import { lockedVersions } from '../../repo/dependencies.ts';
import { readSource } from '../../repo/source.ts';
import type { Origin } from '../../unsafe/resolve.ts';
import { originOf } from '../../unsafe/resolve.ts';
import type { UnsafeFacts } from '../../unsafe/site.ts';
import type { ParseInput, ParserPool } from '../pool.ts';

/** Where Cargo has unpacked what it took from registries, as far as it is on this disk. */
export interface Registry {
  /** What the registry crates that a package names declare unsafe under one of these names. */
  originsFor(owner: PackageFacts, names: ReadonlySet<string>): Promise<Origin[]>;
}

const MAX_FILES = 2_000;

export function registryOf(host: Host, pool: ParserPool, root: string, maxFileSize: number): Registry {
  const folders = sourceFolders(host);
  const known = new Map<string, Promise<Origin | null>>();

  async function originAt(crate: string, folder: string, names: ReadonlySet<string>): Promise<Origin | null> {
    const inputs = filesDeclaring(folder, names, maxFileSize);
    if (inputs.length === 0) return null;
    const facts: UnsafeFacts[] = [];
    await pool.each('unsafe', { root: folder, maxFileSize, signal: host.signal }, inputs, (outcome) => {
      if (outcome.kind === 'done' && outcome.value !== null) facts.push(outcome.value);
    });
    return originOf('registry', crate, facts);
  }

  return {
    async originsFor(owner, names) {
      if (folders.length === 0 || names.size === 0) return [];
      const locked = await lockedVersions(root, owner.base);
      const wanted = [...names].sort().join(' ');
      const origins: Origin[] = [];
      for (const crate of owner.crates) {
        for (const folder of unpacked(folders, crate, locked?.get(crate) ?? null)) {
          const key = `${folder} ${wanted}`;
          const found = known.get(key) ?? originAt(crate, folder, names);
          known.set(key, found);
          const origin = await found;
          if (origin !== null) origins.push(origin);
        }
      }
      return origins;
    },
  };
}

/** `~/.cargo/registry/src/<registry>`, one for each registry that was used. */
function sourceFolders({ env }: Host): string[] {
  const home = env['CARGO_HOME'];
  const sources = join(
    home === undefined || home === '' ? join(userHome(env), '.cargo') : home,
    'registry',
    'src',
  );
  return entriesOf(sources).map((name) => join(sources, name));
}

const NAME = /^[\w-]+$/;
const VERSION = /^[\w.+-]+$/;

/** The folders of a crate in the versions that are locked; without a lock in the one version that is there. */
function unpacked(folders: readonly string[], crate: string, versions: readonly string[] | null): string[] {
  if (!NAME.test(crate)) return [];
  const found = folders.flatMap((folder) => {
    const names = entriesOf(folder);
    if (versions === null)
      return names.filter((name) => isVersionOf(name, crate)).map((name) => join(folder, name));
    const wanted = versions
      .filter((version) => VERSION.test(version))
      .map((version) => `${crate}-${version}`);
    return names.filter((name) => wanted.includes(name)).map((name) => join(folder, name));
  });
  return versions === null && found.length !== 1 ? [] : found;
}

function isVersionOf(name: string, crate: string): boolean {
  return name.startsWith(`${crate}-`) && /^\d/.test(name.slice(crate.length + 1));
}

/** The crate's Rust files that declare an unsafe function or trait by one of the names. */
function filesDeclaring(folder: string, names: ReadonlySet<string>, maxFileSize: number): ParseInput[] {
  const declares = /\bunsafe\s+(?:extern\s+(?:"[^"]*"\s+)?)?(?:fn|trait)\s+(\w+)/g;
  const inputs: ParseInput[] = [];
  for (const path of rustFiles(folder)) {
    const source = readSource(join(folder, path), maxFileSize);
    if (source.kind !== 'text') continue;
    const found = [...source.text.matchAll(declares)].some(([, name]) => names.has(name as string));
    if (found) inputs.push({ path, role: 'library', size: source.stat.size });
  }
  return inputs;
}

function rustFiles(folder: string): string[] {
  const paths: string[] = [];
  const pending = [''];
  for (let at = pending.pop(); at !== undefined && paths.length < MAX_FILES; at = pending.pop()) {
    for (const entry of directory(join(folder, at))) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile() && path.endsWith('.rs')) paths.push(path);
    }
  }
  return paths.sort();
}

function entriesOf(folder: string): string[] {
  return directory(folder).map(({ name }) => name);
}

/** What is not there, or not to be read, holds nothing. */
function directory(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
