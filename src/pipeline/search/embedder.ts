import type { Embedder } from '../../embed/embedder.ts';
import { BUILTIN } from '../../embed/name.ts';
import type { Layout } from '../../store/layout.ts';

/** Opens the embedder that the settings name. Throws UserError `model-missing` and the like. */
export async function openEmbedder(layout: Layout, model: string): Promise<Embedder> {
  if (model === BUILTIN) return (await import('../../embed/builtin.ts')).openBuiltin();
  const { openInstalled } = await import('../../embed/installed.ts');
  return openInstalled(layout.models, model);
}
