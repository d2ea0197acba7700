import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCode } from '../errors.ts';
import type { Notice } from '../types/run.ts';

/**
 * The Rust files in git's index. Git lists a tracked file whatever `.gitignore` says of it, so the walk asks
 * here before it leaves one out; most walks never do.
 */
export interface Tracked {
  /** `path`: relative to the root, with `/`. */
  has(path: string): boolean;
  /** Whether one lies below `directory`, a path without a final slash. */
  hasBelow(directory: string): boolean;
}

const noneTracked: Tracked = { has: () => false, hasBelow: () => false };

/** Reads the index when it is first asked; what cannot be read is noted, and tracks nothing. */
export function lazyTracked(gitDir: string | null, notices: Notice[]): Tracked {
  let tracked: Tracked | undefined;
  const known = () => (tracked ??= gitDir === null ? noneTracked : readOrNote(gitDir, notices));
  return { has: (path) => known().has(path), hasBelow: (directory) => known().hasBelow(directory) };
}

function readOrNote(gitDir: string, notices: Notice[]): Tracked {
  try {
    return readTracked(gitDir);
  } catch (error) {
    const message = `git's index was not read (${messageOf(error)}): tracked files that are also ignored are left out`;
    notices.push({ code: 'git-index-unread', message });
    return noneTracked;
  }
}

/** Where an entry's flags stand behind its fixed fields, by the length of the object id. */
const FIELDS = 40;
const EXTENDED = 0x4000;

/** Throws an error of ours where the index cannot be read as gitformat-index(5) has it. */
function readTracked(gitDir: string): Tracked {
  const index = readIndex(join(gitDir, 'index'));
  const files = new Set<string>();
  const directories = new Set<string>();
  if (index === null) return noneTracked;
  const shared = sharedIndex(index);
  const all = shared === null ? [index] : [readIndex(join(gitDir, `sharedindex.${shared}`)), index];
  for (const one of all) {
    if (one === null) throw new Error('its shared part is missing');
    for (const path of one.paths) addPath(path, files, directories);
  }
  return { has: (path) => files.has(path), hasBelow: (directory) => directories.has(directory) };
}

interface Index {
  readonly paths: readonly string[];
  /** What follows the entries: the extensions and the checksum. */
  readonly tail: Buffer;
  readonly idLength: number;
}

function readIndex(path: string): Index | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') throw new Error('it is not an index');
  const index = readEntries(bytes, 20) ?? readEntries(bytes, 32);
  if (index === null) throw new Error('its entries are damaged');
  return index;
}

/** Null where the entries do not fit object ids of that length: each entry tells how long its name is. */
function readEntries(bytes: Buffer, idLength: number): Index | null {
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const paths: string[] = [];
  let name: Buffer = Buffer.alloc(0);
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const flagsAt = at + FIELDS + idLength;
    if (flagsAt + 2 > bytes.length) return null;
    const flags = bytes.readUInt16BE(flagsAt);
    let start = flagsAt + ((flags & EXTENDED) === 0 ? 2 : 4);
    let kept = 0;
    if (version === 4) {
      const cut = readVarint(bytes, start);
      start = cut.end;
      kept = name.length - cut.value;
      if (kept < 0) return null;
    }
    const end = bytes.indexOf(0, start);
    const length = kept + end - start;
    if (end === -1 || (flags & 0xfff) !== Math.min(length, 0xfff)) return null;
    const rest = bytes.subarray(start, end);
    name = kept === 0 ? rest : Buffer.concat([name.subarray(0, kept), rest]);
    if (endsInRs(name) && isUtf8(name)) paths.push(name.toString('utf8'));
    // Before version 4, entries are padded with 1 to 8 NULs to a multiple of eight.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return { paths, tail: bytes.subarray(at), idLength };
}

function endsInRs(name: Buffer): boolean {
  const { length } = name;
  return length > 2 && name[length - 3] === 46 && name[length - 2] === 114 && name[length - 1] === 115;
}

/** The offset encoding of packs: seven bits a byte, each further byte adding one first. */
function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let at = start;
  let byte = bytes[at] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    at += 1;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at + 1 };
}

/** The id of the shared index that a split one (`link`) builds on; removed entries count as tracked. */
function sharedIndex({ tail, idLength }: Index): string | null {
  for (let at = 0; at + 8 <= tail.length - idLength; at += 8 + tail.readUInt32BE(at + 4)) {
    if (tail.toString('latin1', at, at + 4) !== 'link') continue;
    const id = tail.toString('hex', at + 8, at + 8 + idLength);
    return /^0*$/.test(id) ? null : id;
  }
  return null;
}

function addPath(path: string, files: Set<string>, directories: Set<string>): void {
  files.add(path);
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const directory = path.slice(0, slash);
    if (directories.has(directory)) return;
    directories.add(directory);
  }
}
