import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { holdsRust, repositoriesBelow } from '../repo/below.ts';
import { discoverRoot, repoId } from '../repo/root.ts';
import type { RepoReport } from '../report/repo.ts';
import { footprint } from '../store/footprint.ts';
import type { Global } from '../store/global.ts';
import { openGlobal } from '../store/global.ts';
import type { Layout } from '../store/layout.ts';
import { listRepositories } from '../store/repository.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';

/** Tracks the repositories around the paths (absolute), or with `below` all those in the folders. */
export function addTracked(
  host: Host,
  layout: Layout,
  paths: readonly string[],
  which: 'around' | 'below',
): Promise<RepoReport> {
  return withGlobal(layout, (global) => {
    const roots = paths.flatMap((path) => {
      const found = which === 'below' ? [...repositoriesBelow(path)] : [discoverRoot(path)];
      if (found.length > 0 && found.every(holdsRust)) return found;
      throw noRust(path, which);
    });
    return roots
      .filter((root) => global.track({ id: repoId(root), path: root.root }, host.now()))
      .map(({ root }) => root);
  });
}

function noRust(path: string, which: 'around' | 'below'): UserError {
  const [message, hint] =
    which === 'around'
      ? [
          `there is no Rust file in ${path}`,
          'Several in one folder: rustassistant repo add --recursive <folder>',
        ]
      : [
          `there is no repository and no Cargo package with Rust code below ${path}`,
          'Another folder is named itself: rustassistant repo add <folder>',
        ];
  return new UserError('no-rust', message, hint);
}

/** Forgets them; what is stored of them stays until it is pruned. A path need not be there any more. */
export function removeTracked(layout: Layout, paths: readonly string[]): Promise<RepoReport> {
  return withGlobal(layout, (global) => {
    const tracked = global.tracked();
    const gone = paths.map((path) => {
      const asGiven = resolve(path);
      const root = existsSync(asGiven) ? discoverRoot(asGiven).root : asGiven;
      const known = tracked.find((repository) => [root, asGiven].includes(repository.path));
      if (known !== undefined) return known;
      throw new UserError('not-tracked', `${path} is not tracked`, 'See: rustassistant repo list');
    });
    return gone.filter(({ id }) => global.untrack(id)).map(({ path }) => path);
  });
}

export function listTracked(layout: Layout): Promise<RepoReport> {
  return existsSync(layout.global)
    ? withGlobal(layout, () => [])
    : Promise.resolve({ schemaVersion: REPORT_SCHEMA_VERSION, changed: [], repositories: [] });
}

async function withGlobal(layout: Layout, change: (global: Global) => string[]): Promise<RepoReport> {
  const global = await openGlobal(layout);
  try {
    const changed = change(global).sort();
    return { schemaVersion: REPORT_SCHEMA_VERSION, changed, repositories: described(layout, global) };
  } finally {
    global.close();
  }
}

function described(layout: Layout, global: Global): RepoReport['repositories'] {
  const places = new Map(listRepositories(layout).map((place) => [place.meta.fullHash, place]));
  const sizes = new Map(footprint(layout).repositories.map(({ name, bytes }) => [name, bytes]));
  return global.tracked().map(({ id, path, addedAt }) => {
    const place = places.get(id);
    const lastSync = place?.meta.lastSync ?? null;
    return {
      id,
      path,
      added: new Date(addedAt).toISOString(),
      there: existsSync(path),
      lastSync: lastSync === null ? null : new Date(lastSync).toISOString(),
      bytes: place === undefined ? 0 : (sizes.get(basename(place.directory)) ?? 0),
    };
  });
}
