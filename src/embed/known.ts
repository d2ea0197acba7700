import type { Pooling } from './vectors.ts';

/** A model whose own way of making vectors is known by name. */
export interface KnownModel {
  /** On the hub, in the layout that transformers.js reads. */
  readonly repository: string;
  readonly pooling: Pooling;
  readonly prefixes: Prefixes;
  /** What it was trained for; some can be fed more, and get worse. */
  readonly maxTokens: number;
  /** The first components of `KNOWN_TEXT` as a passage, by the int8 weights; null where nobody has measured them. */
  readonly expected: readonly number[] | null;
}

/** Stands before a text of that kind. */
export interface Prefixes {
  readonly query: string;
  readonly passage: string;
}

export const KNOWN_TEXT = 'Reads a file line by line and counts the words in it.';

/** Each row follows the model's own card. */
const KNOWN: Readonly<Record<string, KnownModel>> = {
  'bge-small-en-v1.5': {
    repository: 'Xenova/bge-small-en-v1.5',
    pooling: 'cls',
    prefixes: { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
    maxTokens: 512,
    expected: null,
  },
  'e5-small-v2': {
    repository: 'Xenova/e5-small-v2',
    pooling: 'mean',
    prefixes: { query: 'query: ', passage: 'passage: ' },
    maxTokens: 512,
    expected: [
      -0.076, 0.0101, -0.0386, 0.0216, -0.0338, 0.0035, 0.0763, -0.0515, 0.0303, 0.0051, 0.019, -0.0378,
      0.0167, 0.0459, -0.0717, -0.0521,
    ],
  },
  'all-MiniLM-L6-v2': {
    repository: 'Xenova/all-MiniLM-L6-v2',
    pooling: 'mean',
    prefixes: { query: '', passage: '' },
    maxTokens: 256,
    expected: [
      0.061, -0.0144, -0.0943, 0.0129, -0.0747, 0.0781, 0.0606, 0.0376, 0.0194, 0.0162, 0.0806, 0.0408,
      0.0912, -0.0044, -0.0944, -0.0224,
    ],
  },
};

/** The row of that name; null where there is none. */
export function knownModel(name: string): KnownModel | null {
  return Object.hasOwn(KNOWN, name) ? (KNOWN[name] ?? null) : null;
}
