import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { PruneEntry } from '../../cache/eviction.ts';
import { UserError } from '../../errors.ts';
import { openAnalysis } from '../../store/analysis.ts';
import type { StoredAnswerWeight } from '../../store/answer-weights.ts';
import { answerWeights } from '../../store/answer-weights.ts';
import { openAnswers } from '../../store/answers.ts';
import type { DirectoryFootprint, Footprint, SetAside } from '../../store/footprint.ts';
import { isInUse } from '../../store/in-use.ts';
import type { Layout } from '../../store/layout.ts';
import type { RepositoryPlace } from '../../store/repository.ts';
import { listRepositories } from '../../store/repository.ts';
import type { Notice } from '../../types/run.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';

/** Everything that pruning may choose from. */
export interface Gathered {
  readonly entries: readonly PruneEntry[];
  /** When merged rows last read an answer, where that is later than the answer itself knows; by row id. */
  readonly accesses: ReadonlyMap<number, number>;
  readonly notices: readonly Notice[];
}

/** Bytes of a database without rows: tables, indexes, the log's head. They do not come free. */
const EMPTY_DATABASE_BYTES = 96 * 1024;
const MILLICENTS_PER_USD = 100_000;

/** Reads what is stored and what it is worth. Reads every row's short columns, decodes nothing. */
export async function gather(layout: Layout, footprint: Footprint): Promise<Gathered> {
  const entries: PruneEntry[] = [];
  const notices: Notice[] = [];
  const readAt = new Map<string, number>();
  const sizes = new Map(footprint.repositories.map((directory) => [directory.name, directory]));
  for (const place of listRepositories(layout)) {
    const size = sizes.get(basename(place.directory));
    if (size === undefined) continue;
    entries.push(...size.setAside.map((aside) => setAsideEntry(aside, place.meta.fullHash)));
    if ((await isInUse(place.analysis)) || (await isInUse(place.search))) {
      notices.push({ code: 'in-use', message: `not pruned: another process works on ${place.meta.path}` });
      continue;
    }
    const results = await resultEntries(layout, place, size, readAt, notices);
    if (existsSync(place.meta.path)) entries.push(...results, ...searchEntries(place, size, results));
    else entries.push(goneEntry(place, size, results));
  }
  entries.push(...footprint.setAside.map((aside) => setAsideEntry(aside, '')));
  const accesses = new Map<number, number>();
  entries.push(...(await answerEntries(layout, footprint.byKind.answers, readAt, accesses, notices)));
  return { entries, accesses, notices };
}

async function resultEntries(
  layout: Layout,
  place: RepositoryPlace,
  size: DirectoryFootprint,
  readAt: Map<string, number>,
  notices: Notice[],
): Promise<PruneEntry[]> {
  if (size.analysisBytes === 0) return [];
  const analysis = await orNotice(() => openAnalysis(layout, place), notices);
  if (analysis === null) return [];
  notices.push(...analysis.notices);
  try {
    const results = analysis.prunable();
    for (const { answerKeys, lastAccessed } of results) {
      for (const key of answerKeys) readAt.set(key, Math.max(readAt.get(key) ?? 0, lastAccessed));
    }
    const entries = results.map(({ path, answerKeys: _keys, ...row }) => {
      return { ...row, kind: 'result' as const, id: path, repository: place.meta.fullHash, cost: null };
    });
    return asOnDisk(entries, size.analysisBytes);
  } finally {
    analysis.close();
  }
}

function searchEntries(
  place: RepositoryPlace,
  { searchBytes }: DirectoryFootprint,
  results: readonly PruneEntry[],
): PruneEntry[] {
  return searchBytes === 0 ? [] : [wholeEntry('search', place.directory, searchBytes, place, results)];
}

/** A repository whose root is gone (a throw-away checkout, a disk not mounted) goes as a whole or not at all. */
function goneEntry(
  place: RepositoryPlace,
  size: DirectoryFootprint,
  results: readonly PruneEntry[],
): PruneEntry {
  const asides = size.setAside.reduce((sum, { bytes }) => sum + bytes, 0);
  return wholeEntry('repository', place.directory, size.bytes - asides, place, results);
}

/** As recently used as the latest of its repository's results. */
function wholeEntry(
  kind: 'search' | 'repository',
  id: string,
  bytes: number,
  { meta }: RepositoryPlace,
  results: readonly PruneEntry[],
): PruneEntry {
  const lastAccessed = results.reduce((at, row) => Math.max(at, row.lastAccessed), meta.lastSync ?? 0);
  const common = { kind, id, bytes, repository: meta.fullHash, compatible: true, cost: null };
  return { ...common, createdAt: lastAccessed, lastAccessed, accessCount: 1 };
}

function setAsideEntry({ path, bytes, modifiedMs }: SetAside, repository: string): PruneEntry {
  const common = { kind: 'set-aside', id: path, bytes, repository, compatible: true, cost: null } as const;
  return { ...common, createdAt: modifiedMs, lastAccessed: modifiedMs, accessCount: 1 };
}

async function answerEntries(
  layout: Layout,
  bytesOnDisk: number,
  readAt: ReadonlyMap<string, number>,
  accesses: Map<number, number>,
  notices: Notice[],
): Promise<PruneEntry[]> {
  if (bytesOnDisk === 0) return [];
  const answers = await orNotice(() => openAnswers(layout), notices);
  if (answers === null) return [];
  notices.push(...answers.notices);
  try {
    const entries = answerWeights(answers.database).map((weight) => {
      const read = readAt.get(weight.itemKey) ?? 0;
      if (read > weight.lastAccessed) accesses.set(weight.id, read);
      return answerEntry(weight, Math.max(read, weight.lastAccessed));
    });
    return asOnDisk(entries, bytesOnDisk);
  } finally {
    answers.close();
  }
}

function answerEntry(weight: StoredAnswerWeight, lastAccessed: number): PruneEntry {
  const { id, repository, bytes, createdAt, accessCount, compatible, ticks, requestTicks, tokens } = weight;
  const millicents = (of: number) => (of * MILLICENTS_PER_USD) / TICKS_PER_USD;
  const cost = { millicents: millicents(ticks), requestMillicents: millicents(requestTicks), tokens };
  const common = { kind: 'answer', id: String(id), repository, bytes, compatible, cost } as const;
  return { ...common, createdAt, lastAccessed, accessCount };
}

/** Rows know their own bytes; the file around them has indexes and slack: shared out in proportion. */
function asOnDisk(entries: PruneEntry[], fileBytes: number): PruneEntry[] {
  const sum = entries.reduce((bytes, entry) => bytes + entry.bytes, 0);
  const scale = Math.max(0, fileBytes - EMPTY_DATABASE_BYTES) / Math.max(1, sum);
  return entries.map((entry) => ({ ...entry, bytes: Math.floor(entry.bytes * scale) }));
}

/** A database that this program may not touch (a newer one's) keeps its rows; that is said, and the rest goes on. */
async function orNotice<Value>(open: () => Promise<Value>, notices: Notice[]): Promise<Value | null> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'newer-database') throw error;
    notices.push({ code: error.code, message: `not pruned: ${error.message}` });
    return null;
  }
}
