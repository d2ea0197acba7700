import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRepository } from './git-dir.ts';
import type { Root } from './root.ts';
import { discoverRoot } from './root.ts';
import { newTraversal, traverse } from './traverse.ts';

/** Holds no work of the user's own: what tools have fetched or built. */
const NOT_LOOKED_INTO = new Set(['target', 'node_modules', 'vendor']);

/**
 * The repositories with Rust code in them below a folder (absolute): git work trees, and Cargo packages that stand in
 * none. Hidden folders and links are not looked into, nor is a repository for others inside of it.
 */
export function* repositoriesBelow(folder: string): Generator<Root> {
  const root = discoverRoot(folder);
  if (root.kind !== 'argument') {
    if (holdsRust(root)) yield root;
    return;
  }
  const pending = [root.root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const names = entriesOf(next);
    if (names.files.has('Cargo.toml') || isRepository(next)) {
      const found = discoverRoot(next);
      if (holdsRust(found)) yield found;
    } else {
      pending.push(...names.folders.map((name) => join(next, name)));
    }
  }
}

function entriesOf(folder: string) {
  const files = new Set<string>();
  const folders: string[] = [];
  for (const entry of readable(folder)) {
    if (entry.isFile()) files.add(entry.name);
    const hidden = entry.name.startsWith('.') || NOT_LOOKED_INTO.has(entry.name);
    if (entry.isDirectory() && !hidden) folders.push(entry.name);
  }
  return { files, folders };
}

/** A folder that may not be entered holds nothing for us. */
function readable(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Looks no further than to the first Rust file. */
export function holdsRust(root: Root): boolean {
  const options = { maxFileSize: Infinity, prefix: '', gitExcludesFile: null, ignoreCase: false };
  return traverse(root, newTraversal(), options).next().done !== true;
}
