import type { Rarity } from '../../search/comparable.ts';
import { comparable } from '../../search/comparable.ts';
import type { Spread } from '../../search/file-scores.ts';
import { fileScores } from '../../search/file-scores.ts';
import type { Query } from '../../search/query.ts';
import type { Candidate } from '../../search/rank.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import type { ChunkFilter, SearchIndex } from '../../store/search.ts';
import { oneOf } from '../../vector/predicate.ts';
import type { Notice } from '../../types/run.ts';
import { byText } from '../../util/order.ts';
import type { OpenIndex } from './open-index.ts';
import type { Mode, Retrieval } from './retrieve.ts';
import { toldFault } from './vectors.ts';

export interface Found extends Candidate {
  readonly chunk: StoredChunk;
  readonly index: OpenIndex;
}

/** Chunks taken from each index, by words and by meaning: what the ranking's rules lift comes from further down. */
const CANDIDATES = 400;

export interface Asked extends Pick<Retrieval, 'kinds' | 'allows'> {
  readonly mode: Mode;
  readonly vector: Float32Array | null;
  /** Added to. */
  readonly notices: Notice[];
}

/** What the ranking may choose from, of all indexes. */
export async function candidates(
  indexes: readonly OpenIndex[],
  query: Query,
  asked: Asked,
): Promise<Found[]> {
  const spreads = indexes.map(({ index }) => index.spread(query.terms));
  const factors = comparable(indexes.map(({ index }, at) => rarityIn(index, spreads[at] ?? [])));
  const hits = await Promise.all(indexes.map((index, at) => hitsIn(index, query, asked, factors[at] ?? 1)));
  const found = best(hits).flatMap((one, at) => candidatesOf(one, spreads[at] ?? []));
  return found.sort(byPlace);
}

/** Equal scores stay in this order, whatever order the engines have found them in. */
function byPlace(a: Found, b: Found): number {
  if (a.index !== b.index) return byText(a.index.root, b.index.root);
  if (a.file !== b.file) return byText(a.file, b.file);
  return a.chunk.firstLine - b.chunk.firstLine;
}

function rarityIn(index: SearchIndex, spread: Spread<number>): Rarity {
  const having = spread.map((files) => [...files.values()].reduce((sum, chunks) => sum + chunks, 0));
  return { chunks: index.counts().chunks, having };
}

/** Scores by chunk id. */
interface Hits {
  readonly open: OpenIndex;
  readonly keyword: ReadonlyMap<number, number>;
  readonly cosines: ReadonlyMap<number, number>;
  /** Ids of the chunks that the query may name. */
  readonly named: readonly number[];
  /** Ids of the chunks that are worth to be looked at. */
  readonly ids: readonly number[];
}

/** `factor`: makes this index's keyword scores comparable with those of the others. */
async function hitsIn(open: OpenIndex, query: Query, asked: Asked, factor: number): Promise<Hits> {
  const { index } = open;
  const { mode, kinds } = asked;
  const conditions = [asked.allows, open.inside].filter((condition) => condition !== null);
  const files =
    conditions.length === 0
      ? null
      : index.files().filter(({ path }) => conditions.every((allows) => allows(path)));
  const filter: ChunkFilter = { kinds, fileIds: files === null ? null : files.map(({ id }) => id) };
  const cosines = await nearestIn(open, asked, files?.map(({ path }) => path) ?? null);
  const byWords = mode === 'vector' ? [] : index.search(query.terms, filter, CANDIDATES);
  const keyword = new Map(byWords.map(({ id, score }) => [id, score * factor]));
  const named = query.symbol === null ? [] : index.named(query.symbol.at(-1) ?? '', filter);
  return {
    open,
    keyword,
    cosines,
    named,
    ids: [...new Set([...keyword.keys(), ...cosines.keys(), ...named])],
  };
}

/** Of several indexes together no more is looked at than of one that holds them all. */
function best(hits: readonly Hits[]): readonly Hits[] {
  if (hits.length < 2) return hits;
  const keyword = least(hits.map((one) => one.keyword));
  const cosine = least(hits.map((one) => one.cosines));
  return hits.map((one) => {
    const named = new Set(one.named);
    const passes = (id: number): boolean =>
      (one.keyword.get(id) ?? -Infinity) >= keyword ||
      (one.cosines.get(id) ?? -Infinity) >= cosine ||
      named.has(id);
    return { ...one, ids: one.ids.filter(passes) };
  });
}

/** The score that as many reach as are taken of one index; any is enough where there are not that many. */
function least(scores: readonly ReadonlyMap<number, number>[]): number {
  const all = scores.flatMap((one) => [...one.values()]).sort((a, b) => b - a);
  return all[CANDIDATES - 1] ?? -Number.MAX_VALUE;
}

function candidatesOf({ open, keyword, cosines, ids }: Hits, spread: Spread<number>): Found[] {
  const { index } = open;
  const chunks = index.chunks(ids);
  if (chunks.length === 0) return [];
  const scores = fileScores(spread, index.counts().files);
  return chunks.map((chunk) => ({
    chunk,
    index: open,
    ...{ file: chunk.file, name: chunk.name, path: chunk.path, test: chunk.test },
    keyword: keyword.get(chunk.id) ?? null,
    vector: cosines.get(chunk.id) ?? null,
    fileScore: scores.get(chunk.fileId) ?? 0,
  }));
}

/** Filters come before the nearest are taken, as with words; where vectors cannot be read, there are words still. */
async function nearestIn(
  { root, index, vectors }: OpenIndex,
  { mode, vector, kinds, notices }: Asked,
  paths: readonly string[] | null,
): Promise<Map<number, number>> {
  if (vectors === null || vector === null) return new Map();
  const conditions = [
    ...(kinds === null ? [] : [oneOf('entity_type', kinds)]),
    ...(paths === null ? [] : [oneOf('file_path', paths)]),
  ];
  const where = conditions.length === 0 ? undefined : conditions.join(' AND ');
  try {
    const hits = await vectors.nearest(vector, CANDIDATES, where);
    return new Map(hits.map(({ id, cosine }) => [id, cosine]));
  } catch (error) {
    index.marks.doubt(vectors.modelId);
    if (mode === 'vector') throw error;
    const message = `${root} was searched by its words alone: ${toldFault(error)}`;
    notices.push({ code: 'vectors-unusable', message });
    return new Map();
  }
}
