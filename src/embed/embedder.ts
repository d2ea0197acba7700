/** The width of every vector: that of the search index's column. */
export const DIMENSIONS = 384;

/** What a text is to the search: some models are told, by a prefix that they were trained with. */
export type TextKind = 'query' | 'passage';

/** Texts → vectors. Whoever opens one closes it. */
export interface Embedder {
  /** Names all that the vectors depend on: equal ids give vectors that can be compared. */
  readonly id: string;
  readonly dimensions: number;
  /** Of one text, prefix and special tokens included; what is longer is cut. */
  readonly maxTokens: number;
  /** One vector for each text, in the order given, of length 1 (L2). A text's vector is the same in any company. */
  embed(texts: readonly string[], kind: TextKind): Promise<Float32Array[]>;
  close(): Promise<void>;
}
