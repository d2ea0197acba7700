import type { Parts } from './fuse.ts';
import { linear, rrf } from './fuse.ts';
import type { Query } from './query.ts';
import type { Subject } from './rules.ts';
import { definitionRank, fileEvidence, fileNameBonus, itemNameBonus, testFactor } from './rules.ts';
import type { Splitter } from './words.ts';

export interface Candidate extends Subject, Parts {
  /** What the whole file says, in any unit: see `fileScores`. */
  readonly fileScore: number;
}

/** The strength of each rule; what switches it off stands beside it. */
export interface Recipe {
  readonly fusion: 'linear' | 'rrf';
  /** Weight of the vectors; 0: keywords alone. */
  readonly lambda: number;
  /** Cosine that a candidate needs which no word has found; -1 switches it off. */
  readonly least: number;
  /** 1 switches it off. */
  readonly test: number;
  /** 0 switches it off. */
  readonly fileName: number;
  /** 0 switches it off. */
  readonly itemName: number;
  /** 0 switches it off. */
  readonly file: number;
  readonly definition: 'first' | 'off';
}

/** By words alone. */
export const RECIPE: Recipe = {
  fusion: 'linear',
  lambda: 0,
  least: -1,
  test: 0.6,
  fileName: 0.4,
  itemName: 0.3,
  file: 0.3,
  definition: 'first',
};

/** What the vectors weigh by what made them: see docs/search-evaluation.md. A transformer's cosines have no such floor. */
export const BY_VECTORS = {
  builtin: { lambda: 0.7, least: 0.35 },
  transformers: { lambda: 0.4, least: -1 },
} as const satisfies Record<string, Pick<Recipe, 'lambda' | 'least'>>;

/** Above every sum of the other rules. */
const DEFINITION = 10;

export interface Ranked<C> {
  readonly candidate: C;
  readonly score: number;
}

/** Candidates, best first; equal ones stay in their order. */
export function rank<C extends Candidate>(
  split: Splitter,
  query: Query,
  candidates: readonly C[],
  recipe: Recipe = RECIPE,
): Ranked<C>[] {
  const fused = (recipe.fusion === 'linear' ? linear : rrf)(candidates, recipe.lambda);
  const bestFile = Math.max(0, ...candidates.map(({ fileScore }) => fileScore));
  const scored = candidates.flatMap((candidate, at) => {
    const definition = recipe.definition === 'off' ? 0 : definitionRank(query, candidate) * DEFINITION;
    if (definition === 0 && isFar(candidate, recipe.least)) return [];
    const words =
      (fused[at] as number) +
      fileNameBonus(split, query, candidate, recipe.fileName) +
      itemNameBonus(split, query, candidate, recipe.itemName) +
      fileEvidence(candidate.fileScore, bestFile, recipe.file);
    const score = words + definition;
    // Far from the query by its vector: a factor below 1 would lift what is below 0.
    return [{ candidate, score: score > 0 ? score * testFactor(query, candidate, recipe.test) : score }];
  });
  return scored.sort((a, b) => b.score - a.score);
}

/** The nearest there is, yet not near: else every query would find something everywhere. */
function isFar({ keyword, vector }: Candidate, least: number): boolean {
  return keyword === null && vector !== null && vector < least;
}

/** Files in the order of their best chunk: a sum over chunks would favour long files. */
export function bestPerFile<C extends Candidate>(ranked: readonly Ranked<C>[]): Ranked<C>[] {
  const seen = new Set<string>();
  return ranked.filter(({ candidate: { file } }) => !seen.has(file) && seen.add(file));
}
