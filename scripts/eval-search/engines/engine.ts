import type { FieldTerms } from '../../../src/search/fields.ts';
import type { Spread } from '../../../src/search/file-scores.ts';

export interface Hit {
  /** Index of the document, in the order in which they were given. */
  readonly document: number;
  /** Higher is better. */
  readonly score: number;
}

/** A keyword index over documents. */
export interface Engine {
  /** The best documents that have any of the terms, best first. */
  search(terms: readonly string[], limit: number): Promise<Hit[]>;
  /** By number of the file. */
  spread(terms: readonly string[]): Promise<Spread<number>>;
  /** Puts documents in the place of those of the same number. */
  replace(changed: readonly (readonly [number, FieldTerms])[]): Promise<void>;
  close(): Promise<void>;
}

/** Weights of the columns. */
export type Weights = Readonly<Record<keyof FieldTerms, number>>;

/** What an index is made of. */
export interface Source {
  readonly documents: readonly FieldTerms[];
  /** Number of the file of each document; those of one file follow one another. */
  readonly files: readonly number[];
  readonly weights: Weights;
  /** Empty, and the engine's own. */
  readonly folder: string;
}

export type OpenEngine = (source: Source) => Promise<Engine>;
