import type { Recipe } from '../../src/search/rank.ts';
import type { Splitter } from '../../src/search/words.ts';
import { interval, mean, pairedInterval } from './bootstrap.ts';
import type { Measures } from './metrics.ts';
import { MEASURES } from './metrics.ts';
import type { SetName } from './queries.ts';
import { SETS } from './queries.ts';
import { difference, figure, table } from './report.ts';
import { measureAsked } from './retrieve.ts';
import type { Run } from './runs.ts';
import { newRandom } from './sample.ts';

export type Variants = Readonly<Record<string, Recipe>>;

/** By variant and set, the measures of all its queries; every query has the same weight. */
export type Results = ReadonlyMap<string, ReadonlyMap<SetName, readonly Measures[]>>;

const SEED = 1;
/** `commit` and `module` find files, the others items. */
const TITLES: Readonly<Record<SetName, string>> = {
  doc: 'doc → item',
  module: 'module → file',
  commit: 'commit → file',
  name: 'name → item',
};

/** Ranks every query under every variant; sets without queries are left out. */
export function resultsOf(split: Splitter, runs: readonly Run[], variants: Variants): Results {
  const sets = SETS.filter((set) => runs.some((run) => run.set === set));
  const measured = (set: SetName, recipe: Recipe): Measures[] =>
    runs
      .filter((run) => run.set === set)
      .flatMap(({ asked }) => asked.map((one) => measureAsked(split, one, recipe)));
  return new Map(
    Object.entries(variants).map(([name, recipe]) => [
      name,
      new Map(sets.map((set) => [set, measured(set, recipe)])),
    ]),
  );
}

/** What was searched. */
export function repositories(runs: readonly Run[]): string {
  const corpora = [...new Set(runs.map(({ corpus }) => corpus))];
  const queries = (name: string, set: SetName): number =>
    runs.find((run) => run.corpus.name === name && run.set === set)?.asked.length ?? 0;
  const rows = corpora.map(({ name, files, chunks }) => [
    name,
    files.length,
    chunks.length,
    ...SETS.map((set) => queries(name, set)),
  ]);
  return table(['repository', 'files', 'chunks', ...SETS.map((set) => TITLES[set])], rows);
}

/** Every measure of every set under every variant. */
export function overview(results: Results): string {
  const rows = setsOf(results).flatMap((set) =>
    [...results].map(([name, bySet]) => {
      const measures = bySet.get(set) ?? [];
      const others = MEASURES.slice(1).map((key) => mean(measures.map((one) => one[key])).toFixed(3));
      const mrr = figure(interval(mrrOf(results, name, set), newRandom(SEED)));
      return [TITLES[set], name, measures.length, mrr, ...others];
    }),
  );
  return table(['set', 'ranking', 'queries', 'MRR@10', 'NDCG@10', 'hit@1', 'hit@5', 'hit@10'], rows);
}

/** Difference in MRR@10 of every variant to one of them, with its 95 % interval. */
export function ablation(results: Results, against = 'recipe'): string {
  const sets = setsOf(results);
  const rows = [...results.keys()]
    .filter((name) => name !== against)
    .map((name) => [
      name,
      ...sets.map((set) => paired(mrrOf(results, name, set), mrrOf(results, against, set))),
    ]);
  return table([`MRR@10 against ${against}`, ...sets.map((set) => TITLES[set])], rows);
}

/** MRR@10 of the engines over the same queries, and how each differs from the first. */
export function comparison(
  byEngine: ReadonlyMap<string, Results>,
  compared: readonly string[] = ['keyword', 'recipe'],
): string {
  const [first = new Map()] = byEngine.values();
  const sets = setsOf(first);
  const cell = (results: Results, variant: string, set: SetName): string => {
    const values = mrrOf(results, variant, set);
    const own = figure(interval(values, newRandom(SEED)));
    return results === first ? own : `${own} (${paired(values, mrrOf(first, variant, set))})`;
  };
  const rows = compared.flatMap((variant) =>
    [...byEngine].map(([engine, results]) => [
      engine,
      variant,
      ...sets.map((set) => cell(results, variant, set)),
    ]),
  );
  return table(['engine', 'ranking', ...sets.map((set) => TITLES[set])], rows);
}

function setsOf(results: Results): SetName[] {
  const [first = new Map<SetName, readonly Measures[]>()] = results.values();
  return [...first.keys()];
}

function mrrOf(results: Results, variant: string, set: SetName): number[] {
  return (results.get(variant)?.get(set) ?? []).map(({ mrr }) => mrr);
}

function paired(values: readonly number[], against: readonly number[]): string {
  return difference(pairedInterval(values, against, newRandom(SEED)));
}
