import type { Chunk } from './chunks.ts';

/**
 * What of a chunk is embedded: its head, its documentation, its code, and nothing of where it stands, so that a chunk
 * that moves keeps its vector.
 */
export function embeddedText({
  kind,
  path,
  signature,
  doc,
  code,
}: Pick<Chunk, 'kind' | 'path' | 'signature' | 'doc' | 'code'>): string {
  const head = path === '' ? [] : [`${kind} ${path}`, signature];
  return [...head, doc, code].filter((part) => part !== '').join('\n');
}
