import { basename } from 'node:path';
import { authoritiesOf } from '../../config/authorities.ts';
import { resolveHome } from '../../config/home.ts';
import { hubOf } from '../../config/hub.ts';
import { loadConfig } from '../../config/load.ts';
import { proxyOf } from '../../config/proxy.ts';
import { fromFolder } from '../../embed/copy.ts';
import { fromHub } from '../../embed/download.ts';
import type { Installed } from '../../embed/installed.ts';
import { findInstalled } from '../../embed/installed.ts';
import { knownModel } from '../../embed/known.ts';
import { loadLibrary } from '../../embed/library.ts';
import { checkName, isRepository } from '../../embed/name.ts';
import type { Origin } from '../../embed/take.ts';
import { takeModel } from '../../embed/take.ts';
import { sameFiles } from '../../embed/verify.ts';
import { UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ModelsTakeReport } from '../../report/models-model.ts';
import type { Progress } from '../../report/progress.ts';
import { layoutOf, openLayout } from '../../store/layout.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { configuredModel, entryOf } from './models.ts';

const CONNECT_MS = 15_000;
const STALLED_MS = 60_000;
const RETRY_MS = 1_000;
const TRYING = 'trying the model';

interface TakeOptions {
  /** What it is to be called here. */
  readonly name?: string | undefined;
  /** Tells a waiting person what is done. */
  readonly say: (line: string) => void;
}

/** Takes a model out of a folder of this machine, by default under the folder's own name. */
export async function addModel(
  host: Host,
  path: string,
  { name, say }: TakeOptions,
): Promise<ModelsTakeReport> {
  const wanted = checkName(name ?? basename(path));
  const origin = fromFolder(path, host.signal);
  const there = standing(host, wanted);
  if (there?.kind === 'sound' && sameFiles(path, there.manifest)) return told(host, 'present', there);
  if (there !== null) throw occupied(there);
  return take(host, wanted, origin, () => say(TRYING));
}

/** Fetches a model from the hub: a known name, or `owner/name`. Asks nobody where it was fetched already. */
export async function pullModel(
  host: Host,
  wanted: string,
  options: TakeOptions & { readonly progress: Progress },
): Promise<ModelsTakeReport> {
  const repository = repositoryOf(wanted);
  const endpoint = hubOf(host.env);
  const name = checkName(options.name ?? basename(wanted));
  const there = standing(host, name);
  if (there?.kind === 'sound' && there.manifest.source === `${endpoint}/${repository}`) {
    return told(host, 'present', there);
  }
  if (there !== null) throw occupied(there);
  const { openTransport } = await import('../../llm/transport.ts');
  const { settings } = await loadConfig({ home: resolveHome(host.env), env: host.env });
  const transport = await openTransport({
    proxy: proxyOf(host.env),
    authorities: authoritiesOf(settings, host.env),
    connectMs: CONNECT_MS,
  });
  const { fetch } = transport;
  const { signal } = host;
  const hub = {
    endpoint,
    fetch,
    signal,
    stalledMs: STALLED_MS,
    retryMs: RETRY_MS,
    ...shown(options.progress),
  };
  try {
    return await take(host, name, fromHub(hub, repository), () => {
      options.progress.stop();
      options.say(TRYING);
    });
  } finally {
    options.progress.stop();
    await transport.close();
  }
}

function repositoryOf(wanted: string): string {
  const repository = knownModel(wanted)?.repository ?? wanted;
  if (isRepository(repository)) return repository;
  const hint = 'Known: bge-small-en-v1.5, e5-small-v2, all-MiniLM-L6-v2; others are named owner/name.';
  throw new UserError('bad-name', `${JSON.stringify(wanted.slice(0, 80))} is no model that is known`, hint);
}

/** Counted in kilobytes, since nobody reads eight digits. */
function shown(progress: Progress): Pick<Parameters<typeof fromHub>[0], 'onFile' | 'onBytes'> {
  let rest = 0;
  return {
    onFile: (name, bytes) => {
      rest = 0;
      if (bytes === null) progress.stop();
      else progress.start(`${name}, kB`, Math.ceil(bytes / 1000));
    },
    onBytes: (bytes) => {
      rest += bytes;
      progress.advance(Math.floor(rest / 1000));
      rest %= 1000;
    },
  };
}

async function take(
  host: Host,
  name: string,
  origin: Origin,
  onTrial: () => void,
): Promise<ModelsTakeReport> {
  // Before anything is fetched: without it nothing could be tried.
  const library = await loadLibrary();
  const { models } = openLayout(resolveHome(host.env));
  const { signal } = host;
  const manifest = await takeModel({ models, name, library, nowMs: host.now(), signal, onTrial }, origin);
  return told(host, 'taken', { kind: 'sound', name, manifest });
}

function standing(host: Host, name: string): Installed | null {
  return findInstalled(layoutOf(resolveHome(host.env)).models, name, 'sizes');
}

function occupied(there: Installed): UserError {
  const what = there.kind === 'damaged' ? `a damaged model (${there.problem})` : 'another model';
  const hint = `Remove it first: rustassistant models remove ${there.name} (or give another name: --name)`;
  return new UserError('model-exists', `there is ${what} named ${there.name}`, hint);
}

async function told(
  host: Host,
  status: ModelsTakeReport['status'],
  found: Installed,
): Promise<ModelsTakeReport> {
  return { schemaVersion: REPORT_SCHEMA_VERSION, status, model: entryOf(found, await configuredModel(host)) };
}
