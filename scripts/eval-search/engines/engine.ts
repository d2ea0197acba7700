import type { FieldTerms } from '../../../src/search/fields.ts';

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
  /** Puts documents in the place of those of the same number; what was not there is added. */
  replace(changed: readonly (readonly [number, FieldTerms])[]): Promise<void>;
  close(): Promise<void>;
}

/** Weights of the columns. */
export type Weights = Readonly<Record<keyof FieldTerms, number>>;

/** Makes an index; `folder` is empty and the engine's own. */
export type OpenEngine = (
  documents: readonly FieldTerms[],
  weights: Weights,
  folder: string,
) => Promise<Engine>;
