import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Host } from '../host.ts';
import type { Walk } from '../repo/walk.ts';
import type { Progress } from '../report/progress.ts';
import { saveMeta } from '../store/repository.ts';
import { LOCAL_VERSION } from '../version.ts';
import { goneFrom, onlyChanged, walkTarget } from './files.ts';
import type { ParserPool } from './pool.ts';
import type { OpenRepository } from './repository.ts';
import { variantOf } from './question.ts';
import type { Synced } from './sync.ts';
import { sync } from './sync.ts';

export interface RefreshContext {
  readonly host: Host;
  readonly progress: Progress;
  readonly pool: ParserPool;
}

export interface Refreshed {
  readonly found: Walk;
  readonly synced: Synced;
  /** What was found is all that is stored. */
  readonly whole: boolean;
}

/** Walks a repository and parses what changed. */
export async function refresh(
  { host, progress, pool }: RefreshContext,
  repository: OpenRepository,
  since: string | null,
  startedMs: number,
): Promise<Refreshed> {
  const { target, analysis, rulesHash } = repository;
  const question = { localVersion: LOCAL_VERSION, rulesHash };
  const known = new Map(analysis.known(question).map((file) => [file.path, file]));
  let found = 0;
  let warming: Promise<unknown> | undefined;
  const walked = await walkTarget(target, host.env, ({ path, stat }) => {
    found += 1;
    if (warming !== undefined) return found % TURN === 0 ? nextTurn() : undefined;
    if (known.get(path)?.stamp === stat.stamp) return undefined;
    // There is something to parse: what that needs gets ready while the walk goes on.
    warming = Promise.all([pool.warm(known.size === 0 ? 'many' : 'few'), analysis.codec()]);
    return nextTurn();
  });
  await warming;
  const wanted = since === null ? walked : await onlyChanged(walked, target, since, host.env);
  progress.start('parsing', wanted.files.length);
  const context = {
    source: {
      root: target.root.root,
      maxFileSize: target.config.settings.analysis.maxFileSize,
      options: {
        rules: target.config.settings.rules,
        variant: variantOf({ kind: 'local' }, rulesHash),
        at: startedMs,
      },
      signal: host.signal,
    },
    ...{ analysis, pool, known, rulesHash },
    startedMs,
    lastWholeMs: repository.place.meta.lastSync,
    granularityMs: GRANULARITY_MS,
    onFile: () => progress.advance(1),
  };
  const synced = await sync(context, wanted.files, goneFrom(walked, target.prefixes));
  const whole = since === null && target.prefixes.includes('') && !host.signal.aborted;
  const changed = synced.removed > 0 || synced.parsed.size > 0;
  if (whole && changed) saveMeta(repository.place, { lastSync: startedMs });
  progress.stop();
  return { found: wanted, synced, whole };
}

/** After so many files the walk lets others have their turn. */
const TURN = 64;

/** Two writes within a clock tick of the kernel (100 Hz at the slowest) can leave the same time; FAT keeps 2 s. */
const GRANULARITY_MS = 20;
