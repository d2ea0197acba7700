import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { badModel } from './fault.ts';
import type { Manifest } from './manifest.ts';

/** `sizes` costs a look at each file, `content` reads them all. Throws UserError `bad-model`. */
export function verifyFiles(folder: string, { files }: Manifest, depth: 'sizes' | 'content'): void {
  for (const [name, facts] of Object.entries(files)) {
    const path = join(folder, name);
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? null;
    if (bytes === null) throw badModel(`${name} is gone`);
    if (bytes !== facts.bytes) throw badModel(`${name} has ${bytes} bytes instead of ${facts.bytes}`);
    if (depth === 'content' && hashOf(path) !== facts.sha256) throw badModel(`${name} has changed`);
  }
}

/** Whether a folder holds the very files that were taken. */
export function sameFiles(folder: string, manifest: Manifest): boolean {
  try {
    verifyFiles(folder, manifest, 'content');
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Piece by piece: the weights may be larger than what memory is left. */
function hashOf(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(2 ** 20);
  const file = openSync(path, 'r');
  try {
    for (let read = -1; read !== 0;) {
      read = readSync(file, buffer);
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
