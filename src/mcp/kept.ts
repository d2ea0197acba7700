import type { Embedder } from '../embed/embedder.ts';
import { openEmbedder } from '../pipeline/search/embedder.ts';
import type { ParserPool } from '../pipeline/pool.ts';
import { createPool } from '../pipeline/pool.ts';
import type { Target } from '../pipeline/targets.ts';
import type { Layout } from '../store/layout.ts';
import type { Turns } from './turns.ts';
import { newTurns } from './turns.ts';

/**
 * What outlives a call: parsers and embedding models, which are dear to load. Databases are not kept: opening one takes
 * milliseconds, and one held open would go on after another process has pruned or rebuilt it.
 */
export interface Kept {
  readonly pool: ParserPool;
  readonly turns: Turns;
  /** The model that the settings name; null where nothing is searched. Opened once; a failure is tried again by the next call. */
  embedder(targets: readonly Target[]): Promise<Embedder | null>;
  close(): Promise<void>;
}

export function openKept(layout: Layout): Kept {
  const pool = createPool('small');
  const embedders = new Map<string, Promise<Embedder>>();

  function open(model: string): Promise<Embedder> {
    const known = embedders.get(model);
    if (known !== undefined) return known;
    const opening = openEmbedder(layout, model);
    embedders.set(model, opening);
    opening.catch(() => embedders.delete(model));
    return opening;
  }

  return {
    pool,
    turns: newTurns(),
    embedder: async ([first]) => (first === undefined ? null : open(first.config.settings.embedding.model)),
    async close() {
      for (const opened of await Promise.allSettled(embedders.values()))
        if (opened.status === 'fulfilled') await opened.value.close();
      await pool.close();
    },
  };
}
