import { fileName } from './file-name.ts';
import type { Query } from './query.ts';
import type { Splitter } from './words.ts';
import { partsOf } from './words.ts';

/** What the rules look at of a candidate. */
export interface Subject {
  /** Path of the file within the repository. */
  readonly file: string;
  /** Item's name and path within the file; `''` where there is none. */
  readonly name: string;
  readonly path: string;
  /** Test, bench, fuzzing or example code, by its attributes or its file's role. */
  readonly test: boolean;
}

/** Factor for test code: most queries look for what is tested, and tests repeat its words. */
export function testFactor({ wantsTests }: Query, { test }: Subject, factor: number): number {
  return test && !wantsTests ? factor : 1;
}

/** The share of the file's name that the query says, times the weight. */
export function fileNameBonus(split: Splitter, { terms }: Query, { file }: Subject, weight: number): number {
  const words = split(fileName(file));
  if (words.length === 0) return 0;
  return (weight * words.filter((word) => terms.includes(word)).length) / words.length;
}

/**
 * The share of the item's name that the query says, times the weight. Its parts count, not the whole: who searches in
 * words does not know the name, and who knows it is served by `definitionRank`.
 */
export function itemNameBonus(split: Splitter, { terms }: Query, { name }: Subject, weight: number): number {
  const words = split(partsOf(name).join(' '));
  if (words.length === 0) return 0;
  return (weight * words.filter((word) => terms.includes(word)).length) / words.length;
}

/**
 * Whether the candidate is what a query that is a bare identifier or path names: 0 it is not, else the higher the
 * nearer: 1 the name in other capitals, 2 the name, 3 the whole path.
 */
export function definitionRank({ symbol }: Query, { name, path }: Subject): number {
  const last = symbol?.at(-1);
  if (symbol === null || last === undefined || name === '') return 0;
  if (name !== last) return symbol.length === 1 && name.toLowerCase() === last.toLowerCase() ? 1 : 0;
  if (symbol.length === 1) return path === name ? 3 : 2;
  const segments = path.split('::');
  const tail = segments.slice(-symbol.length);
  return tail.length === symbol.length && tail.every((segment, at) => segment === symbol[at]) ? 3 : 0;
}

/**
 * The file's score over the best file's (`fileScores`), times the weight: a question's words may be spread over
 * several items of one file.
 */
export function fileEvidence(score: number, best: number, weight: number): number {
  return best === 0 ? 0 : (weight * score) / best;
}
