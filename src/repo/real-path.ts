import { realpathSync } from 'node:fs';
import { relative, isAbsolute, sep } from 'node:path';

/** A path with every link followed; null where nothing is there, or it cannot be looked at. */
export function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

/** Whether a path is the folder or lies in it; both are absolute, and no link is followed. */
export function liesIn(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
