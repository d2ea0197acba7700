import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { messageOf, systemCode, UserError } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import { sha256 } from '../util/hash.ts';
import { findUpward, readGitEntry, readText } from './git-dir.ts';

export interface Root {
  /** Canonical: absolute, no symlink in it. */
  readonly root: string;
  readonly kind: 'git' | 'cargo' | 'argument';
  /** The argument inside the root, with `/`; `''` means all of it. */
  readonly prefix: string;
  /** Of this work tree; null where there is none or it is broken (then a notice says so). */
  readonly gitDir: string | null;
  /** Shared by the work trees of one repository: refs, objects, `info/exclude`. */
  readonly gitCommonDir: string | null;
  readonly notices: readonly Notice[];
}

/**
 * The git work tree around `path`, else the outermost Cargo workspace (a package alone is its own), else the
 * argument itself, or the directory of a file. Reads a few small files and starts no program.
 * Throws UserError `path-not-found` or `path-unusable`.
 */
export function discoverRoot(path: string): Root {
  const { argument, directory } = canonical(path);
  const git = findUpward(directory, (at) => {
    const entry = readGitEntry(at);
    return entry.kind === 'none' ? null : { at, entry };
  });
  if (git !== null) {
    const { at, entry } = git;
    const place = { root: at, kind: 'git', prefix: inside(at, argument) } as const;
    if (entry.kind === 'repository')
      return { ...place, gitDir: entry.dir, gitCommonDir: entry.commonDir, notices: [] };
    const message = `git's data cannot be read: ${entry.reason}; the files are read without it`;
    return { ...place, gitDir: null, gitCommonDir: null, notices: [{ code: 'git-broken', message }] };
  }
  const cargo = cargoRoot(directory);
  const root = cargo ?? directory;
  const kind = cargo === null ? 'argument' : 'cargo';
  return { root, kind, prefix: inside(root, argument), gitDir: null, gitCommonDir: null, notices: [] };
}

/** Names a repository on this machine: hex sha256 of the canonical path. */
export function repoId({ root }: Pick<Root, 'root'>): string {
  return sha256(root);
}

function canonical(path: string): { argument: string; directory: string } {
  const hint = 'Give a directory or a Rust source file.';
  try {
    const argument = realpathSync.native(path);
    const stats = statSync(argument);
    if (stats.isDirectory()) return { argument, directory: argument };
    if (stats.isFile()) return { argument, directory: dirname(argument) };
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
    if (missing) throw new UserError('path-not-found', `${path} does not exist`, hint);
    throw new UserError('path-unusable', `${path} cannot be read: ${messageOf(error)}`, hint);
  }
  throw new UserError('path-unusable', `${path} is neither a directory nor a file`, hint);
}

function inside(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function cargoRoot(directory: string): string | null {
  let nearest: string | null = null;
  let outermost: string | null = null;
  findUpward(directory, (at) => {
    const manifest = readText(join(at, 'Cargo.toml'));
    if (manifest !== undefined) {
      nearest ??= at;
      if (/^[ \t]*\[workspace[\].]/m.test(manifest)) outermost = at;
    }
    return null;
  });
  return outermost ?? nearest;
}
