/** What `models list` prints; its JSON is the contract of `schemas/models-list.schema.json`. */
export interface ModelsListReport {
  readonly schemaVersion: number;
  readonly directory: string;
  /** `embedding.model`, and where it is set. */
  readonly configured: { readonly model: string; readonly origin: string };
  /** What was looked at: the files' sizes, or all their bytes. */
  readonly depth: 'sizes' | 'content';
  /** What the program brings along. */
  readonly builtin: BuiltinEntry;
  /** What was taken. */
  readonly models: readonly ModelEntry[];
}

export interface BuiltinEntry {
  readonly inUse: boolean;
  /** Null where it is damaged. */
  readonly id: string | null;
  readonly bytes: number | null;
  /** What is wrong with it; null where nothing is. */
  readonly problem: string | null;
}

export interface ModelEntry {
  readonly name: string;
  /** Whether `embedding.model` names it. */
  readonly inUse: boolean;
  readonly status: 'ok' | 'damaged';
  /** What is wrong with it; null where nothing is. */
  readonly problem: string | null;
  /** Null where the model is damaged. */
  readonly facts: ModelFacts | null;
}

export interface ModelFacts {
  /** Names all that the vectors depend on. */
  readonly id: string;
  readonly source: string;
  readonly takenAt: string;
  readonly bytes: number;
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly pooling: 'mean' | 'cls';
  readonly prefixes: { readonly query: string; readonly passage: string };
  /** Who says how its vectors are made: our table, files in its folder, or nobody. */
  readonly basis: 'known' | 'folder' | 'assumed';
}

/** What `models pull` and `models add` print; the contract of `schemas/models-take.schema.json`. */
export interface ModelsTakeReport {
  readonly schemaVersion: number;
  /** `present`: it was there already, and is the same. */
  readonly status: 'taken' | 'present';
  readonly model: ModelEntry;
}

/** What `models remove` prints; the contract of `schemas/models-remove.schema.json`. */
export interface ModelsRemoveReport {
  readonly schemaVersion: number;
  readonly removed: string;
  /** Where `embedding.model` still names it; null where it does not. */
  readonly stillNamedBy: string | null;
}
