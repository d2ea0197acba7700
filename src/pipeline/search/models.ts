import { resolveHome } from '../../config/home.ts';
import { loadConfig } from '../../config/load.ts';
import { describeOrigin } from '../../config/origin.ts';
import { openBuiltin } from '../../embed/builtin.ts';
import type { Installed } from '../../embed/installed.ts';
import { listInstalled, removeInstalled } from '../../embed/installed.ts';
import type { Manifest } from '../../embed/manifest.ts';
import { BUILTIN } from '../../embed/name.ts';
import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type {
  BuiltinEntry,
  ModelEntry,
  ModelFacts,
  ModelsListReport,
  ModelsRemoveReport,
} from '../../report/models-model.ts';
import { layoutOf } from '../../store/layout.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';

/** The model that the settings name, and what sets it. */
export type Configured = ModelsListReport['configured'];

export async function configuredModel(host: Host): Promise<Configured> {
  const { settings, origins } = await loadConfig({ home: resolveHome(host.env), env: host.env });
  return { model: settings.embedding.model, origin: describeOrigin(origins['embedding.model']) };
}

/** The bundled embedder, and every model that was taken. */
export async function listModels(host: Host, depth: ModelsListReport['depth']): Promise<ModelsListReport> {
  const directory = layoutOf(resolveHome(host.env)).models;
  const configured = await configuredModel(host);
  const models = listInstalled(directory, depth).map((found) => entryOf(found, configured));
  const builtin = builtinEntry(configured);
  return { schemaVersion: REPORT_SCHEMA_VERSION, directory, configured, depth, builtin, models };
}

/** Opening it reads every byte of it. */
export function builtinEntry({ model }: Configured): BuiltinEntry {
  const inUse = model === BUILTIN;
  try {
    const { id, bytes } = openBuiltin();
    return { inUse, id, bytes, problem: null };
  } catch (error) {
    return { inUse, id: null, bytes: null, problem: messageOf(error) };
  }
}

/** Throws UserError `model-missing`, `bad-name`. */
export async function removeModel(host: Host, name: string): Promise<ModelsRemoveReport> {
  const configured = await configuredModel(host);
  await removeInstalled(layoutOf(resolveHome(host.env)).models, name);
  const stillNamedBy = configured.model === name ? configured.origin : null;
  return { schemaVersion: REPORT_SCHEMA_VERSION, removed: name, stillNamedBy };
}

export function entryOf(found: Installed, configured: Configured): ModelEntry {
  const { name } = found;
  const inUse = configured.model === name;
  if (found.kind === 'damaged')
    return { name, inUse, status: 'damaged', problem: found.problem, facts: null };
  return { name, inUse, status: 'ok', problem: null, facts: factsOf(found.manifest) };
}

function factsOf(manifest: Manifest): ModelFacts {
  const { id, source, takenAt, files, dimensions, maxTokens, pooling, prefixes, basis } = manifest;
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  return { id, source, takenAt, bytes, dimensions, maxTokens, pooling, prefixes, basis };
}
