/** From an engine's hits to candidates that the product's ranking takes, and from a ranking to measures. */
import { fileScores } from '../../src/search/file-scores.ts';
import type { Query } from '../../src/search/query.ts';
import { readQuery } from '../../src/search/query.ts';
import type { Candidate, Recipe } from '../../src/search/rank.ts';
import { bestPerFile, rank } from '../../src/search/rank.ts';
import type { Splitter } from '../../src/search/words.ts';
import type { Corpus, CorpusChunk } from './corpus.ts';
import type { Engine } from './engines/engine.ts';
import type { Measures } from './metrics.ts';
import { measure } from './metrics.ts';
import type { TestQuery } from './queries.ts';
import { cosine } from './vectors.ts';

export interface EvalCandidate extends Candidate {
  readonly chunk: number;
}

/** One query, and everything that the ranking may choose from. */
export interface Asked {
  readonly test: TestQuery;
  readonly query: Query;
  readonly candidates: readonly EvalCandidate[];
}

/** All that a query is asked of. */
export interface Index {
  readonly corpus: Corpus;
  readonly engine: Engine;
  /** Of each chunk; null where none were made. */
  readonly vectors: readonly Float32Array[] | null;
  readonly byName: ReadonlyMap<string, readonly number[]>;
}

/**
 * The best chunks by keyword, those that the query names by their very name and, with a vector of the query, the
 * nearest ones; `limit` of each kind.
 */
export async function ask(
  split: Splitter,
  index: Index,
  test: TestQuery,
  limit: number,
  vector: Float32Array | null = null,
): Promise<Asked> {
  const { corpus, engine, byName } = index;
  const query = readQuery(split, test.text);
  const hits = await engine.search(query.terms, limit);
  const whole = fileScores(await engine.spread(query.terms), corpus.files.length);
  const keywords = new Map(hits.map(({ document, score }) => [document, score]));
  const cosines = vector === null ? null : (index.vectors?.map((one) => cosine(one, vector)) ?? null);
  const named = byName.get(query.symbol?.at(-1) ?? '') ?? [];
  const found = new Set([...keywords.keys(), ...named, ...nearest(cosines ?? [], limit)]);
  const candidates = [...found].map((chunk): EvalCandidate => {
    const { file, name, path, test: testing } = corpus.chunks[chunk] as CorpusChunk;
    const parts = { keyword: keywords.get(chunk) ?? null, vector: cosines?.[chunk] ?? null };
    const fileScore = whole.get(corpus.fileNumbers.get(file) ?? -1) ?? 0;
    return { chunk, file, name, path, test: testing, ...parts, fileScore };
  });
  return { test, query, candidates };
}

/** Places of the highest values. */
function nearest(values: readonly number[], count: number): number[] {
  const places = values.map((_, at) => at);
  return places.sort((a, b) => (values[b] as number) - (values[a] as number)).slice(0, count);
}

/** Chunks by the name of their item. */
export function chunksByName({ chunks }: Corpus): Map<string, number[]> {
  const byName = new Map<string, number[]>();
  chunks.forEach(({ name }, at) => {
    if (name !== '') byName.set(name, [...(byName.get(name) ?? []), at]);
  });
  return byName;
}

/** How well a recipe does on a query. */
export function measureAsked(split: Splitter, { test, query, candidates }: Asked, recipe: Recipe): Measures {
  const ranked = rank(split, query, candidates, recipe);
  const order = test.finds === 'file' ? bestPerFile(ranked) : ranked;
  const relevant = order
    .slice(0, 10)
    .map(({ candidate }) => test.wanted.has(test.finds === 'file' ? candidate.file : candidate.chunk));
  return measure(relevant, test.wanted.size);
}
