/** Everything that the rankings are compared on: per repository and set, each query with its candidates. */
import { FIELD_WEIGHTS } from '../../src/search/fields.ts';
import type { Splitter } from '../../src/search/words.ts';
import { commitQueries, readCommits } from './commits.ts';
import type { Corpus, Hidden } from './corpus.ts';
import { filesOf, termsOf } from './corpus.ts';
import type { Engine, OpenEngine, Weights } from './engines/engine.ts';
import type { QuerySet, SetName } from './queries.ts';
import { docQueries, moduleQueries, nameQueries } from './queries.ts';
import type { Asked } from './retrieve.ts';
import { ask, chunksByName } from './retrieve.ts';
import { newRandom } from './sample.ts';

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
}

/** Asks every query of every set of a repository. */
export async function runRepository(corpus: Corpus, setting: Setting): Promise<Run[]> {
  const sets = await querySets(corpus, setting);
  const runs: Run[] = [];
  for (const hidden of new Set(sets.map((set) => set.hidden))) {
    const index = await openIndex(corpus, hidden, setting);
    for (const set of sets) if (set.hidden === hidden) runs.push(await runSet(corpus, set, index, setting));
    await index.close();
  }
  return runs;
}

/** Each set has its own seed: more queries in one change nothing in another. */
export async function querySets(corpus: Corpus, { env, seed }: Setting): Promise<QuerySet[]> {
  const commits = corpus.root.kind === 'git' ? await readCommits(corpus, env) : [];
  return [
    docQueries(corpus, newRandom(seed)),
    moduleQueries(corpus, newRandom(seed + 1)),
    commitQueries(corpus, commits, newRandom(seed + 2)),
    nameQueries(corpus, newRandom(seed + 3)),
  ].filter(({ queries }) => queries.length > 0);
}

async function openIndex(corpus: Corpus, hidden: Hidden, setting: Setting): Promise<Engine> {
  const { split, engine, folder, weights = FIELD_WEIGHTS } = setting;
  const documents = termsOf(split, corpus, hidden);
  return engine({ documents, files: filesOf(corpus), weights, folder: folder() });
}

async function runSet(corpus: Corpus, set: QuerySet, engine: Engine, setting: Setting): Promise<Run> {
  const byName = chunksByName(corpus);
  const asked: Asked[] = [];
  for (const query of set.queries)
    asked.push(await ask(setting.split, corpus, engine, query, setting.limit, byName));
  return { corpus, set: set.name, asked };
}
