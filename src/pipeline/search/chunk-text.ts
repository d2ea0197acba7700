import { readSource } from '../../repo/source.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import { sha256 } from '../../util/hash.ts';
import type { OpenIndex } from './open-index.ts';

/** The chunk's lines as the file has them; null where the file is another by now. */
export function textOf({ root, maxFileSize }: OpenIndex, chunk: StoredChunk): string | null {
  const read = readSource(`${root}/${chunk.file}`, maxFileSize);
  if (read.kind !== 'text' || sha256(read.bytes) !== chunk.contentHash) return null;
  return read.text
    .split('\n')
    .slice(chunk.firstLine - 1, chunk.endLine)
    .join('\n');
}
