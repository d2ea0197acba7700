import type { Embedder } from '../../embed/embedder.ts';
import type { Layout } from '../../store/layout.ts';

/** The model that `embedding.model` names when nobody has set it: it is not built in yet, and words alone are searched. */
const NONE = 'builtin';

/** Opens the embedder that the settings name; null where none is. Throws UserError `model-missing` and the like. */
export async function openEmbedder(layout: Layout, model: string): Promise<Embedder | null> {
  if (model === NONE) return null;
  const { openInstalled } = await import('../../embed/installed.ts');
  return openInstalled(layout.models, model);
}
