import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../errors.ts';

/** What a `.git` entry stands for. */
export type GitEntry =
  /** `dir` is this work tree's own, `commonDir` the one it shares with other work trees. */
  | { readonly kind: 'repository'; readonly dir: string; readonly commonDir: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

/** Looks at `<directory>/.git`: a directory, or the file of a linked work tree or submodule. */
export function readGitEntry(directory: string): GitEntry {
  const path = join(directory, '.git');
  try {
    return readEntry(directory, path);
  } catch (error) {
    return { kind: 'broken', reason: `${path} cannot be read (${messageOf(error)})` };
  }
}

function readEntry(directory: string, path: string): GitEntry {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'none' };
  if (stats.isDirectory()) return readGitDir(path);
  if (!stats.isFile()) return { kind: 'none' };
  const target = /^gitdir: (.+?)[\r\n]*$/s.exec(readText(path) ?? '')?.[1];
  if (target === undefined) return { kind: 'broken', reason: `${path} names no git directory` };
  const entry = readGitDir(resolve(directory, target));
  if (entry.kind === 'repository') return entry;
  return { kind: 'broken', reason: `${path} points to ${target}, which is not a git directory` };
}

/** Whether a directory met on the way is another repository: its files belong to that one. */
export function isRepository(directory: string): boolean {
  return readGitEntry(directory).kind !== 'none';
}

function readGitDir(path: string): GitEntry {
  const common = readText(join(path, 'commondir'))?.trim();
  const commonDir = common === undefined ? path : resolve(path, common);
  // As git has it: an empty directory named .git makes no repository.
  if (lstatSync(join(path, 'HEAD'), { throwIfNoEntry: false }) === undefined) {
    return isDirectory(join(path, 'objects'))
      ? { kind: 'broken', reason: `${path} has no HEAD` }
      : { kind: 'none' };
  }
  if (!isDirectory(join(commonDir, 'objects')))
    return { kind: 'broken', reason: `${commonDir} has no objects` };
  return { kind: 'repository', dir: realpathSync(path), commonDir: realpathSync(commonDir) };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Larger than what these files come to; `packed-refs` of a quarter of a million refs fits. */
const MAX_TEXT = 16 * 1024 * 1024;

/** Undefined where there is no such file, or none that can be read. */
export function readText(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size <= MAX_TEXT ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest directory upward, the given one included, that `accept` takes. */
export function findUpward<T>(directory: string, accept: (directory: string) => T | null): T | null {
  for (let at = directory; ; at = dirname(at)) {
    const found = accept(at);
    if (found !== null) return found;
    if (dirname(at) === at) return null;
  }
}
