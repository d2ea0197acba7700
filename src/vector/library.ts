import type * as Lance from '@lancedb/lancedb';

/** Bytes that LanceDB may keep in memory: its own defaults are 6 GB and 1 GB, more than a Raspberry Pi has. */
const INDEX_CACHE = 32n * 1024n * 1024n;
const METADATA_CACHE = 16n * 1024n * 1024n;

/** Opens a database folder, and makes it where it is missing; LanceDB is loaded here and nowhere else. */
export async function connect(directory: string) {
  const loaded = (await import('@lancedb/lancedb')) as typeof Lance & { readonly default?: typeof Lance };
  // Bundled, a CommonJS module stands under `default`.
  const lance = loaded.default ?? loaded;
  const session = new lance.Session(INDEX_CACHE, METADATA_CACHE);
  // Always the newest version: another process may have written since.
  const connection = await lance.connect(directory, { readConsistencyInterval: 0 }, session);
  return { lance, connection };
}

export type Connected = Awaited<ReturnType<typeof connect>>;
