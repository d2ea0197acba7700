/** Everything that the rankings are compared on: per repository and set, each query with its candidates. */
import { FIELD_WEIGHTS } from '../../src/search/fields.ts';
import type { Splitter } from '../../src/search/words.ts';
import { commitQueries, readCommits } from './commits.ts';
import type { Corpus, Hidden } from './corpus.ts';
import { filesOf, termsOf } from './corpus.ts';
import type { OpenEngine, Weights } from './engines/engine.ts';
import type { QuerySet, SetName } from './queries.ts';
import { docQueries, moduleQueries, nameQueries } from './queries.ts';
import type { Asked, Index } from './retrieve.ts';
import { ask, chunksByName } from './retrieve.ts';
import { newRandom } from './sample.ts';
import type { Model } from './vectors.ts';

export interface Run {
  readonly corpus: Corpus;
  readonly set: SetName;
  readonly asked: readonly Asked[];
}

export interface Setting {
  readonly split: Splitter;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
  readonly engine: OpenEngine;
  /** A new empty folder. */
  readonly folder: () => string;
  /** Chunks taken from the engine. */
  readonly limit: number;
  readonly weights?: Weights;
  readonly model?: Model;
}

/** Asks every query of every set of a repository. */
export async function runRepository(corpus: Corpus, setting: Setting): Promise<Run[]> {
  const sets = await querySets(corpus, setting);
  const runs: Run[] = [];
  for (const hidden of new Set(sets.map((set) => set.hidden))) {
    const index = await openIndex(corpus, hidden, setting);
    for (const set of sets) if (set.hidden === hidden) runs.push(await runSet(index, set, setting));
    await index.engine.close();
  }
  return runs;
}

/** Each set has its own seed: more queries in one change nothing in another. */
async function querySets(corpus: Corpus, { env, seed }: Setting): Promise<QuerySet[]> {
  const commits = corpus.root.kind === 'git' ? await readCommits(corpus, env) : [];
  return [
    docQueries(corpus, newRandom(seed)),
    moduleQueries(corpus, newRandom(seed + 1)),
    commitQueries(corpus, commits, newRandom(seed + 2)),
    nameQueries(corpus, newRandom(seed + 3)),
  ].filter(({ queries }) => queries.length > 0);
}

async function openIndex(corpus: Corpus, hidden: Hidden, setting: Setting): Promise<Index> {
  const { split, engine, folder, model, weights = FIELD_WEIGHTS } = setting;
  const documents = termsOf(split, corpus, hidden);
  return {
    corpus,
    engine: await engine({ documents, files: filesOf(corpus), weights, folder: folder() }),
    vectors: (await model?.chunks(corpus.chunks, hidden)) ?? null,
    byName: chunksByName(corpus),
  };
}

async function runSet(index: Index, { name, queries }: QuerySet, setting: Setting): Promise<Run> {
  const { split, limit, model } = setting;
  const texts = queries.map(({ text }) => text);
  const vectors = index.vectors === null ? undefined : await model?.queries(texts);
  const asked: Asked[] = [];
  for (const [at, query] of queries.entries())
    asked.push(await ask(split, index, query, limit, vectors?.[at]));
  return { corpus: index.corpus, set: name, asked };
}
