import { ExternalError } from '../../errors.ts';
import { newSplitter } from '../../search/words.ts';
import { openGlobal } from '../../store/global.ts';
import type { OpenRepository } from '../repository.ts';
import type { Chunked } from './chunked.ts';
import type { Follow } from './index.ts';
import { inBatches } from './row-batches.ts';
import type { SearchContext } from './targets.ts';
import { vectorRow } from './vector-row.ts';
import type { OpenWork } from './vectors.ts';
import { leaseName } from './vectors.ts';

export interface FirstVectors {
  readonly follow: Follow;
  close(): Promise<void>;
}

/**
 * Stores vectors while an index is made from nothing: each file is then parsed once for both. Whatever is missing
 * afterwards is added as always. Null where an index is there already, where embedding takes time, and where another
 * process is at the vectors.
 */
export async function firstVectors(
  context: SearchContext,
  { id }: OpenRepository,
  work: OpenWork,
): Promise<FirstVectors | null> {
  const { index, vectors, embedder } = work;
  if (embedder.kind !== 'builtin' || !(await isNew(work))) return null;
  const global = await openGlobal(context.layout);
  const lease = global.takeLease(leaseName(id), context.host.now());
  if (lease === null) {
    global.close();
    return null;
  }
  const split = newSplitter();
  const adding = inBatches(embedder, vectors);
  let usable = true;

  async function add({ file, passages }: Chunked): Promise<void> {
    const byHash = new Map(passages.map((passage) => [passage.hash, passage]));
    for (const chunk of index.chunksOf(file.path)) {
      const { passage, vector = null } = byHash.get(chunk.hash) ?? {};
      if (passage === undefined || vector === null) continue;
      await adding.add(vectorRow(split, chunk, { passage, vector, modelId: embedder.id }));
    }
  }

  /** What could not be stored is tried again with all that is missing, and told there. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      if (usable) await work();
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error;
      usable = false;
    }
  }

  return {
    follow: (files) =>
      attempt(async () => {
        for (const file of files) await add(file);
      }),
    async close() {
      try {
        await attempt(adding.flush);
      } finally {
        lease.release();
        global.close();
      }
    },
  };
}

async function isNew({ index, vectors }: OpenWork): Promise<boolean> {
  try {
    return index.counts().files === 0 && (await vectors.count()) === 0;
  } catch (error) {
    if (error instanceof ExternalError) return false;
    throw error;
  }
}
