import type { Notice } from '../types/run.ts';

/** What `search` prints; its JSON is the contract of `schemas/search.schema.json`. */
export interface SearchReport {
  readonly schemaVersion: number;
  readonly query: string;
  /** What the results were found by. */
  readonly mode: 'hybrid' | 'vector' | 'keyword';
  /** The embedding model; null where none had a part in it. */
  readonly model: string | null;
  /** Best first. */
  readonly results: readonly SearchResult[];
  readonly notices: readonly Notice[];
}

export interface SearchResult {
  /** Of the repository, absolute. */
  readonly root: string;
  /** sha256 of the root: the repository's id. */
  readonly repository: string;
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** 1-based. */
  readonly startLine: number;
  readonly endLine: number;
  /** `fn`, `struct`, … or `rest` for what lies between items. */
  readonly kind: string;
  readonly name: string;
  /** `net::pool` */
  readonly modulePath: string;
  readonly signature: string;
  /** Comparable within one answer alone. */
  readonly score: number;
  /** BM25 and cosine; null where that did not find it. */
  readonly parts: { readonly keyword: number | null; readonly vector: number | null };
  /** The file has changed since it was indexed: the lines may be others now. */
  readonly stale: boolean;
  /** Lines in which words of the query stand, the best ones, in their order; with `-l` none. */
  readonly matches: readonly { readonly line: number; readonly text: string }[];
  /** With `--content`: the whole text. */
  readonly content?: string;
}
