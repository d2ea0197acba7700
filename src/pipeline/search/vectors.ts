import { setTimeout as delay } from 'node:timers/promises';
import type { Embedder } from '../../embed/embedder.ts';
import { ExternalError } from '../../errors.ts';
import type { Lease } from '../../store/global.ts';
import { openGlobal } from '../../store/global.ts';
import type { SearchIndex } from '../../store/search.ts';
import { isDamaged } from '../../vector/fault.ts';
import type { StoredVector } from '../../vector/gaps.ts';
import { gapsBetween } from '../../vector/gaps.ts';
import type { Vectors } from '../../vector/lance.ts';
import { addMissing } from './embed-missing.ts';
import type { OpenRepository } from '../repository.ts';
import type { SearchContext } from './targets.ts';

export interface VectorWork {
  readonly index: SearchIndex;
  readonly vectors: Vectors;
  readonly embedder: Embedder;
  /** Texts that are embedded at most. */
  readonly limit: number;
  /** How long it is waited for another process that is at it; a search is soon done. */
  readonly patienceMs: number;
}

/** An index with its vectors, open. */
export type OpenWork = Pick<VectorWork, 'index' | 'vectors' | 'embedder'>;

export interface VectorState {
  /** Chunks, and those of them that have no vector yet. */
  readonly chunks: number;
  readonly missing: number;
}

/** Others may index all the while: after so many rounds the rest is left to them. */
const ROUNDS = 8;
const POLL_MS = 20;

/** Whether the vectors were found to be those of the chunks, and neither has changed since, nor is upkeep due. */
export async function isInOrder({ index, vectors, embedder }: OpenWork, nowMs: number): Promise<boolean> {
  const mark = index.marks.get(embedder.id);
  if (mark === null || mark.generation !== index.generation()) return false;
  return (mark.dueAt === null || nowMs < mark.dueAt) && mark.version === (await vectors.version());
}

/** What there is, as it is. */
export async function vectorState({ index, vectors }: OpenWork): Promise<VectorState> {
  const { chunks } = index.counts();
  return { chunks, missing: Math.max(0, chunks - (await vectors.count())) };
}

/**
 * Brings the vectors to what the search index holds: compares them chunk by chunk, adds and removes. One process at a
 * time; where another one is at it, what is there is used as it is: that one looks, before and after it lets go,
 * whether chunks have changed meanwhile.
 */
export async function bringVectorsUpToDate(
  context: SearchContext,
  repository: OpenRepository,
  work: VectorWork,
): Promise<VectorState> {
  const global = await openGlobal(context.layout);
  try {
    for (let round = 1; ; round += 1) {
      const take = () => global.takeLease(leaseName(repository.id), context.host.now());
      const lease = take() ?? (await retried(take, work.patienceMs));
      if (lease === null) return await vectorState(work);
      const generation = work.index.generation();
      const state = await bring(context, repository, work, generation).finally(() => lease.release());
      const over = round === ROUNDS || context.host.signal.aborted;
      if (over || work.index.generation() === generation) return state;
    }
  } finally {
    global.close();
  }
}

/** Whoever writes a repository's vectors holds it. */
export function leaseName(id: string): string {
  return `vectors ${id}`;
}

async function retried(take: () => Lease | null, patienceMs: number): Promise<Lease | null> {
  for (const until = performance.now() + patienceMs; performance.now() < until;) {
    await delay(POLL_MS);
    const lease = take();
    if (lease !== null) return lease;
  }
  return null;
}

async function bring(
  context: SearchContext,
  repository: OpenRepository,
  work: VectorWork,
  generation: number,
): Promise<VectorState> {
  const { index, vectors, embedder } = work;
  const wanted = index.hashes();
  const { missing, wrong, gone } = gapsBetween(wanted, await storedOrNothing(vectors));
  const kept = await vectors.vectorsOf(index.chunks(wrong).map(({ hash }) => hash));
  await vectors.remove(wrong);
  const added = await addMissing(context, repository, { ...work, chunks: index.chunks(missing), kept });
  // Last: what is gone may have the vector of what has come.
  await vectors.remove(gone);
  const before = index.marks.get(embedder.id);
  const upkeep = await vectors.maintain(context.host.now(), before?.optimizedAt ?? null);
  const whole = added === missing.length;
  index.marks.set(embedder.id, { generation, version: whole ? await vectors.version() : -1, ...upkeep });
  return { chunks: wanted.size, missing: missing.length - added };
}

/** A table that cannot be read is made anew: nobody else writes to it now. */
async function storedOrNothing(vectors: Vectors): Promise<readonly StoredVector[]> {
  try {
    return await vectors.stored();
  } catch (error) {
    if (!isDamaged(error)) throw error;
    vectors.discard();
    return [];
  }
}

/** The trouble as a line, where it is the disk's or another program's; anything else is thrown on. */
export function toldFault(error: unknown): string {
  if (error instanceof ExternalError) return `${error.message}. ${error.hint}`.trim();
  throw error;
}
