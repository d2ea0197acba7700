import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Host } from '../host.ts';

/** The lines of a file, or of stdin where the path is null, as they come. */
export function linesOf({ stdin }: Host, path: string | null): AsyncIterable<string> {
  return createInterface({ input: path === null ? stdin : createReadStream(path), crlfDelay: Infinity });
}
