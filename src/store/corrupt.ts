import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';

/** Files that belong to one database; the first is the database itself. */
export const COMPANIONS = ['', '-wal', '-shm', '-journal'] as const;

/**
 * Damage that shows in the middle of a run is remembered by an empty file beside the database, so that the next
 * open looks at every page before it trusts the file again.
 */
export function markSuspect(path: string): void {
  closeSync(openSync(suspectMark(path), 'w', 0o600));
}

export function isSuspect(path: string): boolean {
  return existsSync(suspectMark(path));
}

export function clearSuspect(path: string): void {
  rmSync(suspectMark(path), { force: true });
}

function suspectMark(path: string): string {
  return `${path}.suspect`;
}

/**
 * Renames a damaged database and its companions to `<path>.corrupt-<time>…` (`20260131T235959`, UTC) and
 * returns the new path of the database. The caller holds the file's lock and has closed its own connection.
 */
export function setAside(path: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  let aside = `${path}.corrupt-${time}`;
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.corrupt-${time}-${n}`;
  for (const suffix of COMPANIONS) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  clearSuspect(path);
  return aside;
}
