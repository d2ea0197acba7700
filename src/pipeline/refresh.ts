import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Host } from '../host.ts';
import type { Changes } from '../repo/history.ts';
import { changedSince } from '../repo/history.ts';
import type { Walk } from '../repo/walk.ts';
import type { Progress } from '../report/progress.ts';
import type { Found } from '../repo/traverse.ts';
import type { KnownFile } from '../store/files.ts';
import { saveMeta } from '../store/repository.ts';
import { LOCAL_VERSION } from '../version.ts';
import { goneFrom, onlyChanged, walkTarget } from './files.ts';
import type { ParserPool, Place } from './pool.ts';
import { placeFor } from './pool.ts';
import type { OpenRepository } from './repository.ts';
import type { Indexing } from './search/index.ts';
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
  /** Under `--since`, what differs; files outside of what was asked for are among them. */
  readonly changes: Changes | null;
  /** Tells of a path whether its file was looked for, and is neither there nor skipped. */
  readonly gone: (path: string) => boolean;
}

/**
 * Refreshes, and then does what is to be done with it. Where that finds stored facts that cannot be trusted, their files
 * are forgotten and parsed again, and it is done once more.
 */
export async function withFresh<Done extends { readonly lost: readonly string[] }>(
  context: RefreshContext,
  repository: OpenRepository,
  { since, startedMs }: { readonly since: string | null; readonly startedMs: number },
  work: (synced: Synced) => Promise<Done>,
): Promise<{ readonly refreshed: Refreshed; readonly done: Done }> {
  const first = await refresh(context, repository, since, startedMs);
  const done = await work(first.synced);
  if (done.lost.length === 0) return { refreshed: first, done };
  repository.analysis.remove(done.lost);
  const second = await refresh(context, repository, since, startedMs);
  const parsed = new Set([...first.synced.parsed, ...second.synced.parsed]);
  return {
    refreshed: { ...second, synced: { ...second.synced, parsed } },
    done: await work(second.synced),
  };
}

/** Walks a repository and parses what changed; where it is to be indexed too, the chunks come of the same parse. */
export async function refresh(
  { host, progress, pool }: RefreshContext,
  repository: OpenRepository,
  since: string | null,
  startedMs: number,
  indexing: Indexing | null = null,
): Promise<Refreshed> {
  const { target, analysis, rulesHash, dismissed } = repository;
  const factors = { localVersion: LOCAL_VERSION, rulesHash };
  const known = new Map(analysis.known(factors).map((file) => [file.path, file]));
  const warming = warmUp(pool, known);
  const walked = await walkTarget(target, host.env, warming.onFound);
  await warming.done();
  const changes = since === null ? null : await changedSince(target.root, since, { env: host.env });
  const wanted = changes === null ? walked : onlyChanged(walked, changes);
  const context = {
    source: {
      root: target.root.root,
      maxFileSize: target.config.settings.analysis.maxFileSize,
      options: {
        rules: target.config.settings.rules,
        variant: variantOf([], repository),
        silence: dismissed.silence,
        at: startedMs,
      },
      signal: host.signal,
    },
    ...{ analysis, pool, known, rulesHash, progress, indexing },
    startedMs,
    lastWholeMs: repository.place.meta.lastSync,
    granularityMs: GRANULARITY_MS,
  };
  const notFound = goneFrom(walked, target.prefixes);
  const synced = await sync(context, wanted.files, notFound);
  const whole = since === null && target.prefixes.includes('') && !host.signal.aborted;
  const changed = synced.removed > 0 || synced.parsed.size > 0;
  if (whole && changed) saveMeta(repository.place, { lastSync: startedMs });
  progress.stop();
  const skipped = new Set(walked.skipped.map(({ path }) => path));
  return { found: wanted, synced, whole, changes, gone: (path) => notFound(path) && !skipped.has(path) };
}

/** After so many files the walk lets others have their turn. */
const TURN = 16;

/** While the walk goes on, what will parse gets ready. */
function warmUp(pool: ParserPool, known: ReadonlyMap<string, KnownFile>) {
  let files = 0;
  let bytes = 0;
  let begun: Place | null = null;
  let ready: Promise<void> = Promise.resolve();

  function onFound({ path, stat }: Found): Promise<void> | undefined {
    files += 1;
    if (known.get(path)?.stamp !== stat.stamp) bytes += stat.size;
    const place = placeFor(bytes);
    // In a repository never seen the first files tell nothing of how many follow.
    if (place !== begun && bytes > 0 && (place === 'threads' || known.size > 0)) {
      begun = place;
      ready = pool.warm(place);
      // Whoever waits for the end hears of a failure.
      ready.catch(() => undefined);
      return nextTurn();
    }
    return begun !== null && files % TURN === 0 ? nextTurn() : undefined;
  }

  return { onFound, done: () => ready };
}

/** Two writes within a clock tick of the kernel (100 Hz at the slowest) can leave the same time. */
const GRANULARITY_MS = 20;
