import type { FieldText } from '../search/fields.ts';
import type { ItemKind } from '../types/syntax.ts';

export type ChunkKind = ItemKind | 'rest';

/** A chunk without its text: that stands in the file. */
export interface ChunkHead {
  readonly kind: ChunkKind;
  readonly name: string;
  /** Within the file, `::`-joined. */
  readonly path: string;
  readonly signature: string;
  readonly visibility: string;
  readonly test: boolean;
  /** 1-based, documentation and attributes included. */
  readonly firstLine: number;
  /** 1-based, of the signature and of the last byte. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface ChunkToStore extends ChunkHead {
  /** sha256 of what is found by meaning: equal chunks have one vector. */
  readonly hash: string;
  /** Terms, blank-separated. */
  readonly words: FieldText;
}

/** What a file brings into the index. */
export interface FileToIndex {
  readonly path: string;
  readonly contentHash: string;
  readonly chunks: readonly ChunkToStore[];
}

export interface StoredChunk extends ChunkHead {
  readonly id: number;
  readonly fileId: number;
  /** Relative to the repository's root. */
  readonly file: string;
  /** Of the file that was indexed. */
  readonly contentHash: string;
  readonly hash: string;
}
