import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../errors.ts';

export type FileText =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string; readonly mode: number; readonly owner: number }
  /** `why` completes "it is …". */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * A small text file that is read once. Never blocks on a pipe or a device, never reads more than
 * `maxBytes`; `links: 'refuse'` does not follow a symbolic link at the path's end.
 */
export function readText(path: string, options: { maxBytes: number; links: 'follow' | 'refuse' }): FileText {
  const noFollow = options.links === 'refuse' ? (constants.O_NOFOLLOW ?? 0) : 0;
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noFollow);
  } catch (error) {
    return unopened(path, systemCode(error));
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { kind: 'refused', why: 'not a regular file' };
    const bytes = readUpTo(descriptor, options.maxBytes + 1);
    if (bytes.length > options.maxBytes) {
      return { kind: 'refused', why: `larger than ${options.maxBytes / 1024} KiB` };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { kind: 'text', text, mode: stat.mode & 0o777, owner: stat.uid };
  } catch (error) {
    const why = error instanceof TypeError ? 'not UTF-8' : `not readable (${systemCode(error)})`;
    return { kind: 'refused', why };
  } finally {
    closeSync(descriptor);
  }
}

/** A link to nothing is not the same as no file: it stands for settings that someone relies on. */
function unopened(path: string, code: string): FileText {
  if (code === 'ELOOP') return { kind: 'refused', why: 'a symbolic link' };
  // A parent that is a file holds nothing.
  if (code === 'ENOTDIR') return { kind: 'absent' };
  if (code !== 'ENOENT') return { kind: 'refused', why: `not readable (${code})` };
  const entry = lstatSync(path, { throwIfNoEntry: false });
  return entry === undefined ? { kind: 'absent' } : { kind: 'refused', why: 'a symbolic link to nothing' };
}

function readUpTo(descriptor: number, limit: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const chunk = Buffer.alloc(Math.min(limit - total, 65_536));
    const count = readSync(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return Buffer.concat(chunks);
}
