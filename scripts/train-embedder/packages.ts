/** The Cargo packages below a folder, and which of them may be trained on. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { isHeldOut } from './held-out.ts';
import { isPermissive } from './licences.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly repository: string;
  readonly folder: string;
  /** Absolute paths of its Rust files; those of packages inside it are theirs. */
  readonly files: readonly string[];
}

/** Why a package is left out. */
export type Refusal = 'held out' | 'licence' | 'other version';

export interface Chosen {
  readonly packages: readonly Package[];
  readonly refused: Readonly<Record<Refusal, readonly Package[]>>;
}

/** Never any package's code: what is fetched, built or kept aside. */
const LEFT_OUT = new Set(['target', 'node_modules']);

/** Every package below the folders, sorted by name and version. */
export function readPackages(folders: readonly string[]): Package[] {
  const packages: Package[] = [];
  for (const folder of folders) visit(folder, [], packages);
  return packages.sort((a, b) => compare(a.name, b.name) || compareVersions(b.version, a.version));
}

/** One version of each, the newest; of those, what is permissive and not evaluated on. */
export function choose(packages: readonly Package[]): Chosen {
  const refused: Record<Refusal, Package[]> = { 'held out': [], licence: [], 'other version': [] };
  const seen = new Set<string>();
  const chosen = packages.filter((one) => {
    const refusal = refusalOf(one, seen);
    seen.add(one.name);
    if (refusal !== null) refused[refusal].push(one);
    return refusal === null;
  });
  return { packages: chosen, refused };
}

function refusalOf({ name, licence, repository }: Package, seen: ReadonlySet<string>): Refusal | null {
  if (isHeldOut(name, repository)) return 'held out';
  if (!isPermissive(licence)) return 'licence';
  return seen.has(name) ? 'other version' : null;
}

/** `files`: of the package around this folder. */
function visit(folder: string, files: string[], packages: Package[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => compare(a.name, b.name));
  const manifest = entries.some((entry) => entry.isFile() && entry.name === 'Cargo.toml')
    ? readManifest(join(folder, 'Cargo.toml'))
    : null;
  const own = manifest === null ? files : [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && !LEFT_OUT.has(entry.name))
      visit(path, own, packages);
    else if (entry.isFile() && entry.name.endsWith('.rs')) own.push(path);
  }
  if (manifest !== null && own.length > 0) packages.push({ ...manifest, folder, files: own });
}

/** Null where it is no package, or cannot be read. */
function readManifest(path: string): Omit<Package, 'files' | 'folder'> | null {
  let text: Record<string, unknown>;
  try {
    text = parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return null; // templates, and manifests made to be wrong
  }
  const { name, version, license, repository } = (text['package'] ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') return null;
  const said = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { name, version: said(version), licence: said(license), repository: said(repository) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
