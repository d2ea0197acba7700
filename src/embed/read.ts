import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { messageOf, systemCode } from '../errors.ts';
import { badModel } from './fault.ts';
import type { FileRow } from './files.ts';

/** A file that is there, within its limit, and lies in the folder itself. */
export interface Found {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

// A FIFO must not block the open.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Null where there is no such file. Throws UserError `bad-model` for what is no plain file of this folder. */
export function findFile(folder: string, { name, maxBytes }: FileRow): Found | null {
  const path = realPath(folder, name);
  if (path === null) return null;
  const file = openSync(path, FLAGS);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw badModel(`${name} is no file`);
    if (stat.size > maxBytes) throw badModel(`${name} is larger than ${maxBytes} bytes: ${stat.size}`);
    return { name, path, bytes: stat.size };
  } finally {
    closeSync(file);
  }
}

function realPath(folder: string, name: string): string | null {
  try {
    const path = realpathSync(join(folder, name));
    if (path.startsWith(realpathSync(folder) + sep)) return path;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw error;
  }
  throw badModel(`${name} is a link out of its folder`, 'Copy the folder with its links resolved: cp -rL');
}

/** A JSON object out of a small file; null where there is none. Throws UserError `bad-model`. */
export function readObject(folder: string, row: FileRow): Record<string, unknown> | null {
  const value = readJson(folder, row);
  if (value === null || isObject(value)) return value;
  throw badModel(`${row.name} holds no JSON object`);
}

/** Any JSON; null where there is no such file. Throws UserError `bad-model`. */
export function readJson(folder: string, row: FileRow): unknown {
  const found = findFile(folder, row);
  if (found === null) return null;
  try {
    return JSON.parse(readFileSync(found.path, 'utf8')) as unknown;
  } catch (error) {
    throw badModel(`${row.name} is no JSON: ${messageOf(error)}`);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from 1 to `most`; null for anything else. */
export function countOf(value: unknown, most: number): number | null {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
    ? (value as number)
    : null;
}
