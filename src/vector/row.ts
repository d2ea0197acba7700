/** One chunk as it stands in a vector table: the design paper's columns, and those that filters look at. */
export interface VectorRow {
  /** Of the chunk, in the repository's search database. */
  readonly id: number;
  /** Normalised. */
  readonly vector: Float32Array;
  /** As embedded, its structural header first. */
  readonly text: string;
  readonly file_path: string;
  /** sha256 of the file that it was read from. */
  readonly content_hash: string;
  /** sha256 of what was embedded. */
  readonly chunk_hash: string;
  readonly model_id: string;
  /** `fn`, `struct`, … or `rest` for what lies between items. */
  readonly entity_type: string;
  readonly entity_name: string;
  readonly language: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly module_path: string;
  readonly signature: string;
  readonly visibility: string;
  readonly test: boolean;
  /** Identifiers taken apart, for full-text indexes of other programs that read the table. */
  readonly words: string;
}

/** What a query gives back. */
export interface VectorHit {
  readonly id: number;
  /** Cosine, -1 to 1. */
  readonly cosine: number;
}

export interface VectorsPlace {
  /** `embeddings.lance`, a folder; made where it is missing. */
  readonly directory: string;
  /** Names the table: letters, digits, `-`, `_`, `.`. */
  readonly modelId: string;
  readonly dimensions: number;
}
