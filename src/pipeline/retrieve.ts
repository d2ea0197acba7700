import type { Embedder } from '../embed/embedder.ts';
import { UserError } from '../errors.ts';
import { fileScores } from '../search/file-scores.ts';
import type { Query } from '../search/query.ts';
import { readQuery } from '../search/query.ts';
import type { Candidate, Ranked } from '../search/rank.ts';
import { rank, RECIPE } from '../search/rank.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import type { ChunkFilter, StoredChunk } from '../store/search.ts';
import { oneOf } from '../vector/predicate.ts';
import type { Notice } from '../types.ts';
import type { OpenIndex } from './open-index.ts';
import { toldFault } from './vectors.ts';

export type Mode = 'hybrid' | 'vector' | 'keyword';

export interface Retrieval {
  readonly query: string;
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
  const query = readQuery(split, request.query);
  const mode = request.mode ?? (embedder === null ? 'keyword' : 'hybrid');
  if (query.text === '' || (mode === 'keyword' && query.terms.length === 0 && query.symbol === null))
    throw nothingToLookFor(query);
  const model = mode === 'keyword' ? null : needed(embedder);
  const [vector = null] = model === null ? [] : await model.embed([query.text], 'query');
  const notices: Notice[] = [];
  const asked = { ...request, mode, vector, notices };
  const hits = await Promise.all(indexes.map((index) => hitsIn(index, query, asked)));
  const found = best(hits).flatMap((one) => candidatesOf(one, query));
  const lambda = mode === 'keyword' ? 0 : RECIPE.lambda;
  const ranked = rank(split, query, found, { ...RECIPE, lambda }).slice(0, request.limit);
  return { split, query, mode, model: model?.id ?? null, ranked, notices };
}

function needed(embedder: Embedder | null): Embedder {
  if (embedder !== null) return embedder;
  const hint =
    'Take one (rustassistant models pull e5-small-v2) and name it: embedding.model in config.toml.';
  throw new UserError('model-missing', 'a search by meaning needs an embedding model', hint);
}

function nothingToLookFor({ text }: Query): UserError {
  if (text === '')
    return new UserError('usage', 'the query is empty', 'Say what to look for in a few words.');
  const hint = 'Words like "the" and "for" are in everything: say what the code is about.';
  return new UserError('usage', 'there is no word in the query to look for', hint);
}

interface Asked extends Pick<Retrieval, 'kinds' | 'allows'> {
  readonly mode: Mode;
  readonly vector: Float32Array | null;
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
  const { mode, kinds, allows } = asked;
  const files = allows === null ? null : index.files().filter(({ path }) => allows(path));
  const filter: ChunkFilter = { kinds, fileIds: files === null ? null : files.map(({ id }) => id) };
  const cosines = await nearestIn(open, asked, files?.map(({ path }) => path) ?? null);
  const byWords = mode === 'vector' ? [] : index.search(query.terms, filter, CANDIDATES);
  const keyword = new Map(byWords.map(({ id, score }) => [id, score]));
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

function candidatesOf({ open, keyword, cosines, ids }: Hits, query: Query): Found[] {
  const { index } = open;
  const chunks = index.chunks(ids);
  if (chunks.length === 0) return [];
  const scores = fileScores(index.spread(query.terms), index.counts().files);
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
