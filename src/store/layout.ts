import { existsSync, mkdirSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode, UserError } from '../errors.ts';
import type { FileSystem } from './file-system.ts';
import { fileSystemOf, isFuse, mountType } from './file-system.ts';

/** Where everything stands below the home directory. Directories are 0700, files 0600. */
export interface Layout {
  readonly home: string;
  readonly ledger: string;
  readonly ledgerJournal: string;
  readonly cache: string;
  readonly answers: string;
  readonly global: string;
  readonly models: string;
  readonly repositories: string;
  /** True where the disk takes no write-ahead log. */
  readonly rollbackJournal: boolean;
}

/** The paths alone; touches no disk. */
export function layoutOf(home: string, rollbackJournal = false): Layout {
  const cache = join(home, 'cache');
  return {
    home,
    ledger: join(home, 'ledger.db'),
    ledgerJournal: join(home, 'ledger.log'),
    cache,
    answers: join(cache, 'answers.db'),
    global: join(cache, 'global.db'),
    models: join(cache, 'embedding_models'),
    repositories: join(cache, 'repos'),
    rollbackJournal,
  };
}

/**
 * Looks at the disk and makes what is missing. Throws UserError `network-filesystem` where databases would be
 * damaged, `home-unusable` where the directory cannot be made.
 */
export function openLayout(home: string, look: (path: string) => FileSystem = lookAt): Layout {
  const paths = layoutOf(home);
  // The cache may be a link to another disk.
  const found = [...new Set([nearest(home), nearest(paths.cache)])].map(look);
  const network = found.find(({ kind }) => kind === 'network');
  if (network !== undefined) {
    throw new UserError(
      'network-filesystem',
      `${home} lies on a network file system (${network.name}), where SQLite databases get damaged`,
      'Set RUSTASSISTANT_HOME to a directory on a local disk.',
    );
  }
  try {
    makeDirectory(paths.repositories);
  } catch (error) {
    const hint = 'Set RUSTASSISTANT_HOME to a directory that you may write to.';
    throw new UserError('home-unusable', `${home} cannot be made: ${(error as Error).message}`, hint);
  }
  return layoutOf(
    home,
    found.some(({ kind }) => kind === 'plain'),
  );
}

/** With those above it, one by one: asked to make them all, Node never ends where the system takes none (/proc). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** The path itself, or what exists of it. */
export function nearest(path: string): string {
  for (let at = path; ; at = dirname(at)) if (existsSync(at) || dirname(at) === at) return realpathSync(at);
}

/** The file system that holds a path that exists. */
export function lookAt(path: string): FileSystem {
  // Elsewhere the numbers mean other things.
  if (process.platform !== 'linux') return { kind: 'local', name: '' };
  const { type } = statfsSync(path);
  return fileSystemOf(
    type,
    isFuse(type) ? mountType(readFileSync('/proc/self/mountinfo', 'utf8'), path) : '',
  );
}
