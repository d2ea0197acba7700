import type { Parts } from './fuse.ts';
import { linear, rrf } from './fuse.ts';
import type { Query } from './query.ts';
import type { Subject } from './rules.ts';
import { definitionRank, fileEvidence, fileNameBonus, testFactor } from './rules.ts';
import type { Splitter } from './words.ts';

export interface Candidate extends Subject, Parts {
  /** Keyword score of the whole file, in any unit. */
  readonly fileScore: number;
}

/** The strength of each rule; what switches it off stands beside it. */
export interface Recipe {
  readonly fusion: 'linear' | 'rrf';
  /** Weight of the vectors; 0: keywords alone. */
  readonly lambda: number;
  /** 1 switches it off. */
  readonly test: number;
  /** 0 switches it off. */
  readonly fileName: number;
  /** 0 switches it off. */
  readonly file: number;
  readonly definition: 'first' | 'off';
}

export const RECIPE: Recipe = {
  fusion: 'linear',
  lambda: 0.7,
  test: 0.5,
  fileName: 0.3,
  file: 0.2,
  definition: 'first',
};

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
  const scored = candidates.map((candidate, at) => {
    const share = bestFile === 0 ? 0 : candidate.fileScore / bestFile;
    const words =
      (fused[at] as number) +
      fileNameBonus(split, query, candidate, recipe.fileName) +
      fileEvidence(share, recipe.file);
    const definition = recipe.definition === 'off' ? 0 : definitionRank(query, candidate) * DEFINITION;
    return { candidate, score: (words + definition) * testFactor(query, candidate, recipe.test) };
  });
  return scored.sort((a, b) => b.score - a.score);
}

/** Files in the order of their best chunk: a sum over chunks would favour long files. */
export function bestPerFile<C extends Candidate>(ranked: readonly Ranked<C>[]): Ranked<C>[] {
  const seen = new Set<string>();
  return ranked.filter(({ candidate: { file } }) => !seen.has(file) && seen.add(file));
}
