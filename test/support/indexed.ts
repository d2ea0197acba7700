/** Repositories indexed with vectors: a toy model that runs through the real library, and a look into both stores. */
import { join } from 'node:path';
import type { Embedder } from '../../src/embed/embedder.ts';
import { listInstalled } from '../../src/embed/installed.ts';
import type { Host } from '../../src/host.ts';
import { indexTargets } from '../../src/pipeline/search/index-targets.ts';
import { createPool } from '../../src/pipeline/pool.ts';
import { targetsFor } from '../../src/pipeline/targets.ts';
import type { IndexReport } from '../../src/report/index-report.ts';
import { embeddedText } from '../../src/search/embedded-text.ts';
import { SILENT } from '../../src/report/progress.ts';
import { openLayout } from '../../src/store/layout.ts';
import type { RepositoryPlace } from '../../src/store/repository.ts';
import { listRepositories } from '../../src/store/repository.ts';
import { openSearch } from '../../src/store/search.ts';
import { gapsBetween } from '../../src/vector/gaps.ts';
import type { Vectors } from '../../src/vector/lance.ts';
import { openVectors } from '../../src/vector/lance.ts';
import { sha256 } from '../../src/util/hash.ts';

/** Vectors by the hash of a text, and every text that was asked for. */
export function countingEmbedder(id = 'counting'): Embedder & { readonly texts: string[] } {
  const texts: string[] = [];
  const embed = (asked: readonly string[]): Float32Array[] => {
    texts.push(...asked);
    return asked.map(vectorOf);
  };
  return {
    id,
    kind: 'transformers',
    dimensions: 384,
    maxTokens: 512,
    texts,
    embedQueries: async (asked) => embed(asked),
    embedPassages: async (asked) => embed(asked.map(embeddedText)),
    close: () => Promise.resolve(),
  };
}

function vectorOf(text: string): Float32Array {
  const digits = Array.from({ length: 12 }, (_, at) => sha256(`${at} ${text}`)).join('');
  const values = Float32Array.from(
    { length: 384 },
    (_, at) => parseInt(digits.slice(at * 2, at * 2 + 2), 16) - 127.5,
  );
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

export interface IndexOptions {
  readonly now?: () => number;
}

/** What `index` does, within this process and with this embedder. */
export async function indexWith(
  home: string,
  folder: string,
  embedder: Embedder,
  { now = Date.now }: IndexOptions = {},
): Promise<IndexReport> {
  const host = hostOf(home, now);
  const pool = createPool();
  try {
    const context = { host, layout: openLayout(home), pool, progress: SILENT, embedder };
    return await indexTargets(context, await targetsFor(host, [folder]));
  } finally {
    await pool.close();
  }
}

export function hostOf(home: string, now: () => number = Date.now): Host {
  return {
    env: { PATH: process.env['PATH'], HOME: home, RUSTASSISTANT_HOME: home },
    cwd: home,
    stdin: { isTTY: false } as NodeJS.ReadStream,
    stdout: { write: () => true },
    stderr: { write: () => true },
    now,
    random: Math.random,
    signal: new AbortController().signal,
  };
}

/** Where what is stored of a repository lies; left out, the only one. */
export function placeOf(home: string, folder?: string): RepositoryPlace {
  const places = listRepositories(openLayout(home));
  const place = places.find(({ meta }) => folder === undefined || meta.path === folder);
  if (place === undefined) throw new Error(`nothing is stored of ${folder ?? 'anything'}`);
  return place;
}

/** The id of a taken model: the name of its tables. */
export function modelIdOf(home: string, name: string): string {
  const model = listInstalled(openLayout(home).models, 'sizes').find((one) => one.name === name);
  if (model?.kind !== 'sound') throw new Error(`there is no model ${name}`);
  return model.manifest.id;
}

export function tableFolder(place: RepositoryPlace, modelId: string): string {
  return join(place.vectors, `${modelId}.lance`);
}

export async function withVectors<Result>(
  place: RepositoryPlace,
  modelId: string,
  work: (vectors: Vectors) => Promise<Result>,
): Promise<Result> {
  const vectors = await openVectors({ directory: place.vectors, modelId, dimensions: 384 });
  return work(vectors).finally(vectors.close);
}

export interface Compared {
  readonly chunks: number;
  readonly vectors: number;
  /** Missing, doubled or foreign; gone: all of them faults. */
  readonly faults: number;
}

/** Whether each chunk of `search.db` has its one row in the table, and no other row is there. */
export async function compared(home: string, place: RepositoryPlace, modelId: string): Promise<Compared> {
  const index = await openSearch(openLayout(home), place);
  try {
    const wanted = index.hashes();
    const rows = await withVectors(place, modelId, (vectors) => vectors.stored());
    const { missing, gone } = gapsBetween(wanted, rows);
    return { chunks: wanted.size, vectors: rows.length, faults: missing.length + gone.length };
  } finally {
    index.close();
  }
}
