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

const SEED = 1;
/** In the order of a place in a table; `commit` and `module` find files, the others items. */
const TITLES: Readonly<Record<SetName, string>> = {
  doc: 'doc → item',
  module: 'module → file',
  commit: 'commit → file',
  name: 'name → item',
};

/** Measures of all queries of a set under one recipe, every query with the same weight. */
export function measuresOf(split: Splitter, runs: readonly Run[], set: SetName, recipe: Recipe): Measures[] {
  return runs.flatMap((run) =>
    run.set === set ? run.asked.map((asked) => measureAsked(split, asked, recipe)) : [],
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
export function overview(split: Splitter, runs: readonly Run[], variants: Variants): string {
  const rows = SETS.flatMap((set) =>
    Object.entries(variants).flatMap(([name, recipe]) => {
      const measures = measuresOf(split, runs, set, recipe);
      if (measures.length === 0) return [];
      const [rest, mrr] = [
        MEASURES.slice(1).map((key) => mean(measures.map((one) => one[key])).toFixed(3)),
        figure(
          interval(
            measures.map((one) => one.mrr),
            newRandom(SEED),
          ),
        ),
      ];
      return [[TITLES[set], name, measures.length, mrr, ...rest]];
    }),
  );
  return table(['set', 'ranking', 'queries', 'MRR@10', 'NDCG@10', 'hit@1', 'hit@5', 'hit@10'], rows);
}

/** Difference in MRR@10 of every variant to `recipe`, with its 95 % interval. */
export function ablation(
  split: Splitter,
  runs: readonly Run[],
  variants: Variants,
  against = 'recipe',
): string {
  const sets = SETS.filter((set) => runs.some((run) => run.set === set));
  const mrr = (set: SetName, name: string): number[] =>
    measuresOf(split, runs, set, variants[name] as Recipe).map((one) => one.mrr);
  const base = new Map(sets.map((set) => [set, mrr(set, against)]));
  const rows = Object.keys(variants)
    .filter((name) => name !== against)
    .map((name) => [
      name,
      ...sets.map((set) => difference(pairedInterval(mrr(set, name), base.get(set) ?? [], newRandom(SEED)))),
    ]);
  return table([`MRR@10 against ${against}`, ...sets.map((set) => TITLES[set])], rows);
}

/** MRR@10 of the engines over the same queries, and how each differs from the first. */
export function comparison(
  split: Splitter,
  byEngine: ReadonlyMap<string, readonly Run[]>,
  variants: Variants,
  compared: readonly string[] = ['keyword', 'recipe'],
): string {
  const [first = []] = byEngine.values();
  const sets = SETS.filter((set) => first.some((run) => run.set === set));
  const rows = compared.flatMap((variant) => {
    const mrr = (runs: readonly Run[], set: SetName): number[] =>
      measuresOf(split, runs, set, variants[variant] as Recipe).map((one) => one.mrr);
    const base = new Map(sets.map((set) => [set, mrr(first, set)]));
    return [...byEngine].map(([engine, runs]) => [
      engine,
      variant,
      ...sets.map((set) => {
        const [values, against] = [mrr(runs, set), base.get(set) ?? []];
        const own = figure(interval(values, newRandom(SEED)));
        return runs === first
          ? own
          : `${own} (${difference(pairedInterval(values, against, newRandom(SEED)))})`;
      }),
    ]);
  });
  return table(['engine', 'ranking', ...sets.map((set) => TITLES[set])], rows);
}
