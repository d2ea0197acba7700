import { existsSync, lstatSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { systemCode, UserError } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import type { FileStat, SkippedFile, SkipReason } from '../types/source.ts';
import type { Place } from './cargo.ts';
import { placeInside } from './cargo.ts';
import type { Entries, Entry } from './entries.ts';
import { readEntries } from './entries.ts';
import { fileStat } from './file-stat.ts';
import { isRepository } from './git-dir.ts';
import { globalRules, OWN_IGNORE_FILE, readRules } from './ignore-files.ts';
import type { Rules } from './ignore-rules.ts';
import { foldCase, NO_RULES } from './ignore-rules.ts';
import type { TargetName } from './marks.ts';
import { findMarks, isBuildOutput } from './marks.ts';
import type { Root } from './root.ts';
import type { Tracked } from './tracked.ts';
import { lazyTracked } from './tracked.ts';
import type { Kind } from './verdict.ts';
import { judge, judgeBytes, kindOf, toBytes } from './verdict.ts';

export interface Found {
  readonly path: string;
  readonly stat: FileStat;
  /** The package around it; one object per package. */
  readonly place: Place;
}

/** What a traversal tells beside the files. */
export interface Traversal {
  readonly skipped: SkippedFile[];
  readonly boundaries: string[];
  readonly notices: Notice[];
}

export interface TraverseOptions {
  readonly maxFileSize: number;
  readonly prefix: string;
  readonly gitExcludesFile: string | null;
  readonly ignoreCase: boolean;
}

interface Context extends Traversal {
  /** In the directory that was entered last. */
  readonly found: Found[];
  readonly maxFileSize: number;
  readonly fold: boolean;
  /** The prefix's segments: above their end, a directory is followed in one entry only. */
  readonly prefix: readonly string[];
  readonly tracked: Tracked;
}

interface Directory {
  readonly absolute: string;
  /** Relative to the root, with a final slash; `''` for the root. */
  readonly path: string;
  /** The same as patterns see it: one character per byte, in lower case where git ignores case. */
  readonly bytes: string;
  readonly depth: number;
  readonly git: Rules;
  readonly own: Rules;
  readonly place: Place;
  /** In a directory that git ignores: only what is tracked all the same counts. */
  readonly trackedOnly: boolean;
  /** Whether it is called `target`, and if so where: the root counts as the place of a manifest. */
  readonly target: TargetName;
}

export function newTraversal(): Traversal {
  return { skipped: [], boundaries: [], notices: [] };
}

/**
 * Walks the tree below the root, top down and in no order; gives each Rust file when it is found. Links are not followed, so no directory is met
 * twice and there are no cycles; other repositories are not entered. Throws UserError `path-unusable` where
 * the root itself cannot be read.
 */
export function* traverse(
  root: Root,
  traversal: Traversal,
  options: TraverseOptions,
): Generator<Found, void, undefined> {
  const context: Context = {
    ...traversal,
    ...{
      found: [],
      maxFileSize: options.maxFileSize,
      fold: options.ignoreCase,
      tracked: lazyTracked(root.gitDir, traversal.notices),
    },
    prefix: options.prefix.split('/').filter((segment) => segment !== ''),
  };
  const pending: Directory[] = [
    {
      ...{ absolute: root.root, path: '', bytes: '' },
      ...{ depth: 0, trackedOnly: false, target: 'no' },
      git: globalRules(root, options.gitExcludesFile, context),
      own: NO_RULES,
      place: { base: '', inherited: null, manifest: existsSync(join(root.root, 'Cargo.toml')) },
    },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    enter(next, pending, context);
    yield* context.found.splice(0);
  }
}

function enter(directory: Directory, pending: Directory[], context: Context): void {
  const listing = list(directory, context);
  if (listing === null) return;
  const marks = findMarks(listing.entries);
  if (directory.path !== '') {
    if (marks.has('.git') && isRepository(directory.absolute)) {
      context.boundaries.push(directory.path.slice(0, -1));
      return;
    }
    const isSource = () => isTracked(directory.path.slice(0, -1), 'directory', context);
    if (isBuildOutput(directory.target, marks, isSource)) {
      noteArgument(directory.depth - 1, 'it is what Cargo built', context);
      return;
    }
  }
  const here = withRules(directory, marks, context);
  const wanted = context.prefix[directory.depth];
  for (const entry of listing.entries) {
    if (wanted === undefined || entry.name === wanted) visit(here, entry, pending, context);
  }
  if (wanted === undefined) for (const entry of listing.odd) visitOdd(here, entry, context);
}

function list(directory: Directory, context: Context): Entries | null {
  try {
    return readEntries(directory.absolute);
  } catch (error) {
    const code = systemCode(error);
    if (directory.path === '')
      throw new UserError(
        'path-unusable',
        `${directory.absolute} cannot be read (${code})`,
        'Check its permissions.',
      );
    // What vanished since its parent was read is not there.
    if (code !== 'ENOENT') skip(directory.path.slice(0, -1), 'unreadable', context);
    return null;
  }
}

function withRules(directory: Directory, marks: ReadonlyMap<string, Entry>, context: Context): Directory {
  if (marks.size === 0) return directory;
  const read = (name: string, weaker: Rules) => {
    // Like git, through no link: a repository does not choose which of the user's files is read.
    if (marks.get(name)?.isFile() !== true) return weaker;
    return readRules(join(directory.absolute, name), directory.bytes.length, weaker, context);
  };
  const inner = marks.has('Cargo.toml') && directory.path !== '';
  return {
    ...directory,
    git: read('.gitignore', directory.git),
    own: read(OWN_IGNORE_FILE, directory.own),
    place: inner ? placeInside(directory.path, directory.place) : directory.place,
  };
}

function visit(directory: Directory, entry: Entry, pending: Directory[], context: Context): void {
  const { name } = entry;
  const kind = kindOf(entry);
  if (kind === null || name === '.git') {
    noteArgument(directory.depth, 'it is no Rust source file', context);
    return;
  }
  const path = directory.path + name;
  const verdict = judge(directory, name, kind, context.fold);
  const trackedOnly = directory.trackedOnly || verdict === 'ignored-by-git';
  if (verdict === 'ignored' || (trackedOnly && !isTracked(path, kind, context))) {
    noteArgument(directory.depth, 'it is ignored', context);
    return;
  }
  const absolute = `${directory.absolute}/${name}`;
  if (kind === 'directory') {
    const place = { absolute, path: `${path}/`, bytes: `${directory.bytes}${toBytes(name, context.fold)}/` };
    const beside = directory.place.base === directory.path;
    const target = name !== 'target' ? 'no' : beside ? 'beside-manifest' : 'by-name';
    pending.push({ ...directory, ...place, depth: directory.depth + 1, trackedOnly, target });
  } else if (entry.isSymbolicLink()) {
    if (kind === 'rust' || leadsToDirectory(absolute)) skip(path, 'symlink', context);
  } else {
    addFile(absolute, path, directory.place, context);
  }
}

/** An entry whose name is not UTF-8 has no path that a report could give: counted where it might hold Rust. */
function visitOdd(directory: Directory, entry: Entry, context: Context): void {
  const kind = kindOf(entry);
  if (kind === null || directory.trackedOnly) return;
  if (judgeBytes(directory, context.fold ? foldCase(entry.name) : entry.name, kind) !== 'included') return;
  const escape = (byte: string) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  skip(directory.path + entry.name.replace(/[^\x20-\x7e]/g, escape), 'name-not-utf8', context);
}

function addFile(absolute: string, path: string, place: Place, context: Context): void {
  let stats: BigIntStats | undefined;
  try {
    stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
  } catch {
    skip(path, 'unreadable', context);
    return;
  }
  // What vanished since its directory was read is not there.
  if (stats === undefined) return;
  if (!stats.isFile()) skip(path, stats.isSymbolicLink() ? 'symlink' : 'not-a-file', context);
  else if (stats.size > context.maxFileSize) skip(path, 'too-large', context);
  else context.found.push({ path, stat: fileStat(stats), place });
}

/** Whether git tracks it all the same: a file, or something below a directory. */
function isTracked(path: string, kind: Kind, { tracked }: Context): boolean {
  return kind === 'directory' ? tracked.hasBelow(path) : tracked.has(path);
}

function leadsToDirectory(absolute: string): boolean {
  try {
    return statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // A loop of links, or one into a place that we may not see: it holds nothing that could be read.
    return false;
  }
}

function skip(path: string, reason: SkipReason, context: Context): void {
  context.skipped.push({ path, reason });
}

/** Says why nothing is found under the argument, where a segment of it is left out. */
function noteArgument(depth: number, reason: string, context: Context): void {
  if (depth >= context.prefix.length) return;
  const message = `${context.prefix.join('/')} is left out: ${reason}`;
  context.notices.push({ code: 'argument-left-out', message });
}
