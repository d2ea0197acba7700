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

export interface EvalCandidate extends Candidate {
  readonly chunk: number;
}

/** One query, and everything that the ranking may choose from. */
export interface Asked {
  readonly test: TestQuery;
  readonly query: Query;
  readonly candidates: readonly EvalCandidate[];
}

/** The engine's best chunks, and those that the query names by their very name. */
export async function ask(
  split: Splitter,
  corpus: Corpus,
  engine: Engine,
  test: TestQuery,
  limit: number,
  byName: ReadonlyMap<string, readonly number[]>,
): Promise<Asked> {
  const query = readQuery(split, test.text);
  const hits = await engine.search(query.terms, limit);
  const whole = fileScores(await engine.spread(query.terms), corpus.files.length);
  const scores = new Map<number, number | null>(hits.map(({ document, score }) => [document, score]));
  for (const at of byName.get(query.symbol?.at(-1) ?? '') ?? []) if (!scores.has(at)) scores.set(at, null);
  const candidates = [...scores].map(([chunk, keyword]): EvalCandidate => {
    const { file, name, path, test: testing } = corpus.chunks[chunk] as CorpusChunk;
    return {
      chunk,
      file,
      name,
      path,
      test: testing,
      keyword,
      vector: null,
      fileScore: whole.get(corpus.fileNumbers.get(file) ?? -1) ?? 0,
    };
  });
  return { test, query, candidates };
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
