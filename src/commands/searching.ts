import type { Host } from '../host.ts';
import { afterCommand } from '../pipeline/after.ts';
import { createPool } from '../pipeline/pool.ts';
import type { SearchContext } from '../pipeline/search/targets.ts';
import type { Target } from '../pipeline/targets.ts';
import type { Layout } from '../store/layout.ts';
import type { Options } from './command.ts';
import { noteOf } from './common.ts';
import { progressFor } from './progress.ts';

export interface Searching {
  readonly layout: Layout;
  readonly targets: readonly Target[];
  /** `words`: the embedding model that the settings name is not needed. */
  readonly by?: 'words' | 'model';
}

/** Opens what a command needs to search, and closes it behind the command. */
export async function whileSearching<Result>(
  host: Host,
  options: Options,
  { layout, targets, by = 'model' }: Searching,
  work: (context: SearchContext) => Promise<Result>,
): Promise<Result> {
  const [first] = targets;
  if (first === undefined) throw new Error('a search of nothing');
  const { settings } = first.config;
  const { openEmbedder } = await import('../pipeline/search/embedder.ts');
  const embedder = by === 'words' ? null : await openEmbedder(layout, settings.embedding.model);
  const pool = createPool('small');
  const progress = await progressFor(host, options);
  try {
    return await work({ host, layout, pool, progress, embedder });
  } finally {
    progress.stop();
    await embedder?.close();
    await pool.close();
    await afterCommand(host, layout, settings, noteOf(host, options));
  }
}
