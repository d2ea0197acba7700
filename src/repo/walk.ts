import type { Notice } from '../types/run.ts';
import type { FileRole, RepoFile, SkippedFile } from '../types/source.ts';
import { byPath } from '../util/order.ts';
import type { Package, Place } from './cargo.ts';
import { readPackage, roleOf } from './cargo.ts';
import type { Root } from './root.ts';
import type { Found } from './traverse.ts';
import { newTraversal, traverse } from './traverse.ts';

export interface WalkOptions {
  /** Bytes. */
  readonly maxFileSize: number;
  /** A file or directory inside the root, with `/`; `''` means all. The root's own where absent. */
  readonly prefix?: string;
  /** Git's global excludes file and `core.ignoreCase`; see `gitSettings`. */
  readonly gitExcludesFile?: string | null;
  readonly ignoreCase?: boolean;
  /** Hears of each Rust file when it is found; the walk waits for what it returns. */
  readonly onFound?: (found: Found) => Promise<unknown> | undefined;
}

export interface Walk {
  /** Rust files to analyse, sorted by path (UTF-16 order). */
  readonly files: RepoFile[];
  /** Found and left out under a named reason, sorted by path. A directory that cannot be entered counts once. */
  readonly skipped: SkippedFile[];
  /** Directories of other repositories, not entered; sorted, without a final slash. */
  readonly boundaries: string[];
  readonly notices: Notice[];
}

/**
 * All Rust files of a repository that git would list (tracked, or untracked and not ignored), less what
 * `.rustassistantignore` files leave out and what Cargo built. Outside git, `.gitignore` files hold as well.
 * Reads directories, ignore files and manifests, and of the Rust files only their stat.
 */
export async function walk(root: Root, options: WalkOptions): Promise<Walk> {
  const traversal = newTraversal();
  const { skipped, boundaries, notices } = traversal;
  const found: Found[] = [];
  const traversed = traverse(root, traversal, {
    maxFileSize: options.maxFileSize,
    prefix: options.prefix ?? root.prefix,
    gitExcludesFile: options.gitExcludesFile ?? null,
    ignoreCase: options.ignoreCase ?? false,
  });
  for (const file of traversed) {
    found.push(file);
    const busy = options.onFound?.(file);
    if (busy !== undefined) await busy;
  }
  const files = await withRoles(root, found, notices);
  return {
    files: files.sort(byPath),
    skipped: skipped.sort(byPath),
    boundaries: boundaries.sort(),
    notices,
  };
}

async function withRoles(root: Root, found: readonly Found[], notices: Notice[]): Promise<RepoFile[]> {
  const packages = new Map<Place, Package>();
  const files: RepoFile[] = [];
  for (const { path, stat, place } of found) {
    let owner = packages.get(place);
    if (owner === undefined) {
      const read = await readPackage(root.root, place);
      owner = read.owner;
      packages.set(place, owner);
      if (read.notice !== null) notices.push(read.notice);
    }
    const role: FileRole = roleOf(path, owner);
    files.push({ path, role, stamp: stat.stamp, size: stat.size, modifiedMs: stat.modifiedMs });
  }
  return files;
}
