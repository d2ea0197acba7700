import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, systemCode } from '../errors.ts';
import type { FileStat, SkipReason } from '../types/source.ts';
import { fileStat } from './file-stat.ts';

export type Source =
  | { readonly kind: 'text'; readonly bytes: Buffer; readonly text: string; readonly stat: FileStat }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly detail: string };

/** A file that is being written is read again, this often. */
const ATTEMPTS = 3;
// A FIFO must not block the open, and a link put in the file's place since the walk is not followed.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads one file whole. `stat` is that of the very bytes returned: taken before and after, and equal.
 * A byte order mark stays, as U+FEFF at offset 0, so that offsets in `text` and in `bytes` tell of the
 * same file. `maxFileSize`: bytes; it holds for what is read, not only for what was announced.
 */
export function readSource(path: string, maxFileSize: number): Source {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    return skip(openFailure(systemCode(error)), messageOf(error));
  }
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const source = readOnce(file, maxFileSize);
      if (source !== null) return source;
    }
    return skip('unreadable', 'it changed each time it was read');
  } catch (error) {
    return skip('unreadable', messageOf(error));
  } finally {
    closeSync(file);
  }
}

function openFailure(code: string): SkipReason {
  if (code === 'ELOOP') return 'symlink';
  return code === 'ENXIO' ? 'not-a-file' : 'unreadable';
}

/** Null where the file changed while it was read. */
function readOnce(file: number, maxFileSize: number): Source | null {
  const before = fstatSync(file, { bigint: true });
  if (!before.isFile()) return skip('not-a-file', 'neither a file nor a directory');
  if (before.size > maxFileSize) return skip('too-large', `${before.size} bytes`);
  const bytes = readAll(file, Number(before.size));
  const stat = fileStat(fstatSync(file, { bigint: true }));
  if (bytes === null || stat.stamp !== fileStat(before).stamp) return null;
  return decode(bytes, stat);
}

/** Null where the file is shorter or longer than `size`. */
function readAll(file: number, size: number): Buffer | null {
  // One byte more than announced tells whether the file grew.
  const buffer = Buffer.allocUnsafeSlow(size + 1);
  let length = 0;
  while (length <= size) {
    const read = readSync(file, buffer, length, size + 1 - length, length);
    if (read === 0) break;
    length += read;
  }
  return length === size ? buffer.subarray(0, size) : null;
}

function decode(bytes: Buffer, stat: FileStat): Source {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) return skip('not-utf8', 'it begins with a UTF-16 byte order mark');
  const zero = bytes.indexOf(0);
  if (zero !== -1) return skip('binary', `a NUL byte at offset ${zero}`);
  if (!isUtf8(bytes)) return skip('not-utf8', 'its bytes are not valid UTF-8');
  return { kind: 'text', bytes, text: bytes.toString('utf8'), stat };
}

function skip(reason: SkipReason, detail: string): Source {
  return { kind: 'skip', reason, detail };
}
