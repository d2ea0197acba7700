import { lstatSync, readdirSync } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { systemCode } from '../errors.ts';
import type { Layout } from './layout.ts';

/** What the cache's bytes are spent on; `other` is what stands there and is none of ours. */
export type FootprintKind = 'answers' | 'analysis' | 'search' | 'global' | 'setAside' | 'other';

/** A damaged database, or one of its companions, kept for a look. */
export interface SetAside {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export interface DirectoryFootprint {
  /** Its name below `repos/`. */
  readonly name: string;
  readonly bytes: number;
  readonly analysisBytes: number;
  readonly searchBytes: number;
  readonly setAside: readonly SetAside[];
}

export interface Footprint {
  /** Bytes as the disk holds them; embedding models were asked for by name and are not counted. */
  readonly total: number;
  readonly byKind: Readonly<Record<FootprintKind, number>>;
  readonly repositories: readonly DirectoryFootprint[];
  readonly setAside: readonly SetAside[];
}

/**
 * The cache's bytes at least: the databases and indexes alone, with as few looks at the disk as that takes, so that
 * every command can afford it (0.5 ms for 50 repositories, in a process that never did it before 1 ms).
 */
export function bytesAtLeast(layout: Layout): number {
  let bytes = fileBytes(layout.answers) + fileBytes(layout.global);
  for (const name of namesIn(layout.repositories)) {
    const directory = `${layout.repositories}/${name}/`;
    for (const file of ['analysis.db', 'search.db', 'embeddings.lance']) bytes += fileBytes(directory + file);
  }
  return bytes;
}

/** Of a file, or of everything below a directory; 0 where there is nothing. */
function fileBytes(path: string): number {
  const stat = statOf(path);
  return stat?.isDirectory() === true ? treeBytes(path) : bytesOf(stat);
}

/** Looks at all of the cache's files, without opening one. */
export function footprint(layout: Layout): Footprint {
  const byKind: Record<FootprintKind, number> = {
    answers: 0,
    analysis: 0,
    search: 0,
    global: 0,
    setAside: 0,
    other: 0,
  };
  const setAside: SetAside[] = [];
  const repositories: DirectoryFootprint[] = [];
  const notCounted = [layout.repositories, layout.models].map((path) => basename(path));
  for (const entry of entriesOf(layout.cache)) {
    if (notCounted.includes(entry.name)) continue;
    const file = measure(layout.cache, entry);
    byKind[file.kind] += file.bytes;
    if (file.kind === 'setAside') setAside.push(file);
  }
  for (const directory of entriesOf(layout.repositories)) {
    if (!directory.isDirectory()) continue;
    const files = entriesOf(join(layout.repositories, directory.name)).map((entry) =>
      measure(join(layout.repositories, directory.name), entry),
    );
    for (const { kind, bytes } of files) byKind[kind] += bytes;
    repositories.push(directoryFootprint(directory.name, files));
  }
  const total = Object.values(byKind).reduce((sum, bytes) => sum + bytes, 0);
  return { total, byKind, repositories, setAside };
}

interface Measured extends SetAside {
  readonly kind: FootprintKind;
}

function directoryFootprint(name: string, files: readonly Measured[]): DirectoryFootprint {
  const sum = (kind?: FootprintKind) =>
    files.reduce((bytes, file) => bytes + (kind === undefined || file.kind === kind ? file.bytes : 0), 0);
  return {
    name,
    bytes: sum(),
    analysisBytes: sum('analysis'),
    searchBytes: sum('search'),
    setAside: files.filter(({ kind }) => kind === 'setAside'),
  };
}

function measure(directory: string, entry: Dirent): Measured {
  const path = join(directory, entry.name);
  const stat = statOf(path);
  return {
    kind: kindOf(entry.name),
    path,
    bytes: entry.isDirectory() ? treeBytes(path) : bytesOf(stat),
    modifiedMs: stat?.mtimeMs ?? 0,
  };
}

function kindOf(name: string): FootprintKind {
  if (name.includes('.corrupt-')) return 'setAside';
  if (name.startsWith('answers.db')) return 'answers';
  if (name.startsWith('analysis.db')) return 'analysis';
  if (name.startsWith('global.db')) return 'global';
  return /^(?:search\.db|embeddings\.lance)/.test(name) ? 'search' : 'other';
}

function treeBytes(directory: string): number {
  let bytes = 0;
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name);
    bytes += entry.isDirectory() ? treeBytes(path) : bytesOf(statOf(path));
  }
  return bytes;
}

/** What the disk gives away for it, as `du` counts; the length where the file system does not tell. */
function bytesOf(stat: Stats | null): number {
  if (stat === null) return 0;
  return stat.blocks > 0 ? stat.blocks * 512 : stat.size;
}

/** Null where it is gone: another process works here too. */
function statOf(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function entriesOf(path: string): Dirent[] {
  return orNone(() => readdirSync(path, { withFileTypes: true }));
}

function namesIn(path: string): string[] {
  return orNone(() => readdirSync(path));
}

function orNone<Value>(list: () => Value[]): Value[] {
  try {
    return list();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
