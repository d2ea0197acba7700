import type { BigIntStats } from 'node:fs';
import type { FileStat } from '../types/source.ts';

/**
 * Size, mtime and ctime in nanoseconds, and inode. From the 64-bit integers: as floats, times of today
 * would be rounded to 244 ns (the integers cost some 8 % of a walk).
 */
export function fileStat(stats: BigIntStats): FileStat {
  return {
    stamp: `${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.ino}`,
    size: Number(stats.size),
    modifiedMs: Math.max(Number(stats.mtimeNs), Number(stats.ctimeNs)) / 1e6,
  };
}
