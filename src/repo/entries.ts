import { isUtf8 } from 'node:buffer';
import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';

export type Entry = Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

export interface Entries {
  readonly entries: readonly Entry[];
  /** Entries whose names are not UTF-8: as latin1, one character per byte. */
  readonly odd: readonly Entry[];
}

/** Throws the system's error. */
export function readEntries(directory: string): Entries {
  const entries = readdirSync(directory, { withFileTypes: true });
  // What is not UTF-8 comes with replacement characters: only then are the bytes asked for.
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return { entries, odd: [] };
  const good: Entry[] = [];
  const odd: Entry[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })) {
    if (isUtf8(entry.name)) good.push(renamed(entry, entry.name.toString('utf8')));
    else odd.push(renamed(entry, entry.name.toString('latin1')));
  }
  return { entries: good, odd };
}

function renamed(entry: Dirent<Buffer>, name: string): Entry {
  return {
    name,
    isFile: () => entry.isFile(),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  };
}
