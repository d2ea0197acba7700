import type { Chunk } from '../search/chunks.ts';

/** The width of every vector: that of the search index's column. */
export const DIMENSIONS = 384;

/** What a model is shown of a chunk of code. */
export interface Passage extends Pick<Chunk, 'kind' | 'path' | 'signature' | 'doc' | 'code'> {
  /** Path within the repository: a `builtin` vector depends on it, others do not. */
  readonly file: string;
}

/** Questions and passages → vectors. Whoever opens one closes it. */
export interface Embedder {
  /** Names all that the vectors depend on: equal ids give vectors that can be compared. */
  readonly id: string;
  /**
   * `builtin`: a passage costs less than looking for a vector that is stored. So the threads that parse open it too and
   * embed what they read, as much as there is.
   */
  readonly kind: 'builtin' | 'transformers';
  readonly dimensions: number;
  /** Of one text; what is longer is cut. */
  readonly maxTokens: number;
  /**
   * One vector for each text, in the order given, of length 1 (L2), or all zeros for a text in which nothing is known.
   * A text's vector is the same in any company.
   */
  embedQueries(texts: readonly string[]): Promise<Float32Array[]>;
  /** The same for code. */
  embedPassages(passages: readonly Passage[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Prose as a passage. */
export function prose(text: string): Passage {
  return { file: '', kind: 'rest', path: '', signature: '', doc: text, code: '' };
}
