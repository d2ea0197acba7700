import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../embed/embedder.ts';
import type { Layout } from '../../store/layout.ts';
import type { RepositoryPlace } from '../../store/repository.ts';
import { listRepositories } from '../../store/repository.ts';
import { isDamaged } from '../../vector/fault.ts';
import type { Vectors } from '../../vector/lance.ts';
import { openVectors } from '../../vector/lance.ts';

/** Where vectors may be that need not be made again. */
export interface Known {
  /** At hand already, by the hash of what was embedded. */
  readonly kept: ReadonlyMap<string, Float32Array>;
  /** Of this repository. */
  readonly vectors: Vectors;
  readonly embedder: Embedder;
}

/** What is stored of these hashes, here or in another repository. */
export async function knownVectors(
  layout: Layout,
  place: RepositoryPlace,
  { vectors, embedder, kept }: Known,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const known = await vectors.vectorsOf(hashes);
  for (const hash of hashes) {
    const vector = kept.get(hash);
    if (vector !== undefined) known.set(hash, vector);
  }
  const unknown = hashes.filter((hash) => !known.has(hash));
  for (const [hash, vector] of await vectorsElsewhere(layout, place, embedder, unknown))
    known.set(hash, vector);
  return known;
}

/** What other repositories have of these hashes, of the same model: code that was copied or checked out twice. */
async function vectorsElsewhere(
  layout: Layout,
  self: RepositoryPlace,
  { id: modelId, dimensions }: Embedder,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (const { directory, vectors: path } of listRepositories(layout)) {
    const left = hashes.filter((hash) => !found.has(hash));
    if (left.length === 0) break;
    if (directory === self.directory || !existsSync(join(path, `${modelId}.lance`))) continue;
    try {
      const vectors = await openVectors({ directory: path, modelId, dimensions });
      for (const [hash, vector] of await vectors.vectorsOf(left).finally(vectors.close))
        found.set(hash, vector);
    } catch (error) {
      // That repository's next search mends it.
      if (!isDamaged(error)) throw error;
    }
  }
  return found;
}
