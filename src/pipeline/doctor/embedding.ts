import { resolveHome } from '../../config/home.ts';
import { BUILTIN } from '../../embed/name.ts';
import { findInstalled } from '../../embed/installed.ts';
import type { Host } from '../../host.ts';
import type { Check } from '../../report/doctor.ts';
import type { BuiltinEntry } from '../../report/models-model.ts';
import { layoutOf } from '../../store/layout.ts';
import { fail, ok } from './check.ts';
import { builtinEntry, configuredModel } from '../search/models.ts';

/** Whether the model that the settings name is there, and whole as far as its files' sizes tell. */
export async function checkEmbedding(host: Host): Promise<Check[]> {
  const configured = await configuredModel(host);
  const { model } = configured;
  if (model === BUILTIN) return [checkBuiltin(builtinEntry(configured))];
  const found = findInstalled(layoutOf(resolveHome(host.env)).models, model, 'sizes');
  if (found === null) {
    const hint = `Run: rustassistant models pull ${model} (or set embedding.model = "${BUILTIN}")`;
    return [fail('embedding', `embedding.model names ${model}, which was not taken`, hint)];
  }
  if (found.kind === 'sound') return [ok('embedding', `${model} (${found.manifest.id})`)];
  const hint = `Remove it and take it anew: rustassistant models remove ${model}`;
  return [fail('embedding', `${model} is damaged: ${found.problem}`, hint)];
}

function checkBuiltin({ id, problem }: BuiltinEntry): Check {
  if (problem === null) return ok('embedding', id ?? '');
  return fail('embedding', problem, 'Install rustassistant anew.');
}
