import type { Embedder } from '../embed/embedder.ts';
import { UserError } from '../errors.ts';
import type { Rarity } from '../search/comparable.ts';
import { comparable } from '../search/comparable.ts';
import type { Spread } from '../search/file-scores.ts';
import { fileScores } from '../search/file-scores.ts';
import type { Query } from '../search/query.ts';
import { readQuery } from '../search/query.ts';
import type { Candidate, Ranked } from '../search/rank.ts';
import { rank, RECIPE } from '../search/rank.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import type { ChunkFilter, SearchIndex, StoredChunk } from '../store/search.ts';
import { oneOf } from '../vector/predicate.ts';
import type { Notice } from '../types.ts';
import type { Example, Place } from './example.ts';
import { askedByExample } from './example.ts';
import type { OpenIndex } from './open-index.ts';
import { toldFault } from './vectors.ts';

export type Mode = 'hybrid' | 'vector' | 'keyword';

export interface Retrieval {
  readonly query: string;
  /** Instead of the query: more like the item at this place. */
  readonly like: Place | null;
  /** Null: `hybrid` where there is a model, else `keyword`. */
  readonly mode: Mode | null;
  /** At most. */
  readonly limit: number;
  /** Item kinds; null: all. */
  readonly kinds: readonly string[] | null;
  /** Whether a file may be searched; null: all may. */
  readonly allows: ((path: string) => boolean) | null;
}

export interface Found extends Candidate {
  readonly chunk: StoredChunk;
  readonly index: OpenIndex;
}

export interface Retrieved {
  readonly split: Splitter;
  readonly query: Query;
  readonly mode: Mode;
  /** Id of the model that had a part in it. */
  readonly model: string | null;
  /** Best first. */
  readonly ranked: readonly Ranked<Found>[];
  /** Indexes of which a part could not be searched. */
  readonly notices: readonly Notice[];
}

/** Chunks taken from each index, by words and by meaning: what the ranking's rules lift comes from further down. */
const CANDIDATES = 400;

/**
 * The best chunks of all indexes, ranked as one. Throws UserError where there is nothing to look for, or no model for
 * what is asked.
 */
export async function retrieve(
  indexes: readonly OpenIndex[],
  embedder: Embedder | null,
  request: Retrieval,
): Promise<Retrieved> {
  const split = newSplitter();
  const mode = request.mode ?? (embedder === null ? 'keyword' : 'hybrid');
  const model = mode === 'keyword' ? null : needed(embedder);
  const { query, vector, self } =
    request.like === null
      ? await askedInWords(split, request.query, model)
      : await askedByExample(split, indexes, request.like, model);
  const spreads = indexes.map(({ index }) => index.spread(query.terms));
  const factors = comparable(indexes.map(({ index }, at) => rarityIn(index, spreads[at] ?? [])));
  const notices: Notice[] = [];
  const hits = await Promise.all(
    indexes.map((index, at) =>
      hitsIn(index, query, { ...request, mode, vector, notices, factor: factors[at] ?? 1 }),
    ),
  );
  const found = best(hits)
    .flatMap((one, at) => candidatesOf(one, spreads[at] ?? []))
    .filter(({ chunk, index }) => index.root !== self?.root || chunk.id !== self.id);
  const lambda = mode === 'keyword' ? 0 : RECIPE.lambda;
  const ranked = rank(split, query, found, { ...RECIPE, lambda }).slice(0, request.limit);
  return { split, query, mode, model: model?.id ?? null, ranked, notices };
}

function rarityIn(index: SearchIndex, spread: Spread<number>): Rarity {
  const having = spread.map((files) => [...files.values()].reduce((sum, chunks) => sum + chunks, 0));
  return { chunks: index.counts().chunks, having };
}

async function askedInWords(split: Splitter, text: string, model: Embedder | null): Promise<Example> {
  const query = readQuery(split, text);
  const hasWords = query.terms.length > 0 || query.symbol !== null;
  if (query.text === '' || (model === null && !hasWords)) throw nothingToLookFor(query);
  const [vector = null] = model === null ? [] : await model.embed([query.text], 'query');
  return { query, vector, self: null };
}

function needed(embedder: Embedder | null): Embedder {
  if (embedder !== null) return embedder;
  const hint =
    'Take one (rustassistant models pull e5-small-v2) and name it: embedding.model in config.toml.';
  throw new UserError('model-missing', 'a search by meaning needs an embedding model', hint);
}

/** Why a query cannot be asked. */
export function nothingToLookFor({ text }: Query): UserError {
  if (text === '')
    return new UserError('usage', 'the query is empty', 'Say what to look for in a few words.');
  const hint = 'Words like "the" and "for" are in everything: say what the code is about.';
  return new UserError('usage', 'there is no word in the query to look for', hint);
}

interface Asked extends Pick<Retrieval, 'kinds' | 'allows'> {
  readonly mode: Mode;
  readonly vector: Float32Array | null;
  /** Makes the index's keyword scores comparable with those of the others. */
  readonly factor: number;
  /** Added to. */
  readonly notices: Notice[];
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

async function hitsIn(open: OpenIndex, query: Query, asked: Asked): Promise<Hits> {
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
  const keyword = new Map(byWords.map(({ id, score }) => [id, score * asked.factor]));
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
