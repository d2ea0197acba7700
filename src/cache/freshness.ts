import type { FileStat } from '../types.ts';

/** What is stored of the file's last reading. */
export interface StoredStamp {
  /** Size, mtime, ctime and inode in one string. */
  readonly stamp: string;
  /** Written so shortly before it was read that a later write could have left the same stamp. */
  readonly racy: boolean;
}

/** Unchanged since it was read, so that it need not be read again. A racy row is hashed to know. */
export function isFresh(row: StoredStamp, stat: FileStat): boolean {
  return !row.racy && row.stamp === stat.stamp;
}

/**
 * Whether a file read by a sync that began at `syncStartMs` may still change without a new stamp: its last
 * modification is not older than that by more than the file system's granularity (git's "racy" rule).
 */
export function isRacy(modifiedMs: number, syncStartMs: number, granularityMs: number): boolean {
  return modifiedMs + granularityMs >= syncStartMs;
}
