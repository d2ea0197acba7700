/** How it is trained. */
export interface Settings {
  readonly seed: number;
  readonly threads: number;
  readonly epochs: number;
  readonly batch: number;
  /** Examples of one package that stand together in a batch: what is alike is hardest to tell apart. */
  readonly group: number;
  readonly rate: number;
  /** Token weights learn so many times faster. */
  readonly weightRate: number;
  readonly warmUp: number;
  /** Share of an item's tokens that are left out each time. */
  readonly dropout: number;
  /** Share of queries that are a first sentence, else a first paragraph. */
  readonly sentences: number;
  /** Share of items that show the rest of their documentation. */
  readonly docs: number;
}

export const SETTINGS: Settings = {
  seed: 1,
  threads: 2,
  epochs: 4,
  batch: 1024,
  group: 64,
  rate: 2e-3,
  weightRate: 5,
  warmUp: 50,
  dropout: 0.2,
  sentences: 0.7,
  docs: 0.5,
};
