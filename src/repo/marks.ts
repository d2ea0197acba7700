import type { Entry } from './entries.ts';
import { OWN_IGNORE_FILE } from './ignore-files.ts';

/** The entries that say something about their directory, by name. */
export type Marks = ReadonlyMap<string, Entry>;

/** How a directory is called with regard to `target`. */
export type TargetName = 'no' | 'by-name' | 'beside-manifest';

const NAMES: ReadonlySet<string> = new Set([
  ...['.git', '.gitignore', OWN_IGNORE_FILE, 'Cargo.toml', 'CACHEDIR.TAG', '.rustc_info.json'],
]);
const NONE: Marks = new Map();

export function findMarks(entries: readonly Entry[]): Marks {
  let marks: Map<string, Entry> | null = null;
  for (const entry of entries) if (NAMES.has(entry.name)) (marks ??= new Map()).set(entry.name, entry);
  return marks ?? NONE;
}

/**
 * Cargo marks its output with CACHEDIR.TAG and .rustc_info.json, whatever its name: two signs of three are
 * enough. A `target` without them, beside a manifest or in the root, is output too (older Cargo set none),
 * unless it is a package of its own or `isSource` (git tracks Rust files in it). Other directories called
 * `target` are modules.
 */
export function isBuildOutput(target: TargetName, marks: Marks, isSource: () => boolean): boolean {
  const signs = [target !== 'no', marks.has('CACHEDIR.TAG'), marks.has('.rustc_info.json')];
  if (signs.filter((sign) => sign).length >= 2) return true;
  return target === 'beside-manifest' && !marks.has('Cargo.toml') && !isSource();
}
