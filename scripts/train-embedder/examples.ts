/** Pairs as rows of the table: one long list, cut into slots. */
import { WORDS } from '../../src/embed/builtin/fields.ts';
import { newTokenizer } from '../../src/embed/builtin/tokenizer.ts';
import { fileWords } from '../../src/search/file-name.ts';
import type { PairOf } from './extract.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The parts of an example; documentation comes less the sentence or less the paragraph that asks. */
export const SLOTS = [
  'sentence',
  'paragraph',
  'path',
  'context',
  'name',
  'signature',
  'body',
  'docAfterSentence',
  'docAfterParagraph',
] as const;
export type Slot = (typeof SLOTS)[number];
export const SLOT = Object.fromEntries(SLOTS.map((slot, at) => [slot, at])) as Readonly<Record<Slot, number>>;

export interface Examples {
  readonly count: number;
  /** Package of each example. */
  readonly packages: Uint16Array;
  /** Of slot `s` of example `e`: entries from `offsets[e * SLOTS.length + s]` to before the next offset. */
  readonly offsets: Uint32Array;
  /** Row of the table, and how often it stands there. */
  readonly rows: Uint16Array;
  readonly counts: Uint8Array;
}

export interface Encoding {
  add(pair: PairOf): void;
  examples(): Examples;
}

export function encodeInto(vocabulary: Vocabulary): Encoding {
  const tokenizer = newTokenizer(vocabulary.rows);
  const packages: number[] = [];
  const offsets: number[] = [0];
  const rows = growing(Uint16Array);
  const counts = growing(Uint8Array);
  const slot = (text: string, words: number): void => {
    const found = new Map<number, number>();
    tokenizer(text, words, (row) => found.set(row, (found.get(row) ?? 0) + 1));
    for (const [row, count] of found) {
      rows.push(row);
      counts.push(Math.min(255, count));
    }
    offsets.push(rows.length());
  };
  return {
    add(pair) {
      const end = pair.path.lastIndexOf('::');
      packages.push(pair.package);
      slot(pair.sentence, WORDS.query);
      slot(pair.paragraph, WORDS.query);
      slot(fileWords(pair.file), WORDS.path);
      slot(end === -1 ? '' : pair.path.slice(0, end), WORDS.context);
      slot(end === -1 ? pair.path : pair.path.slice(end + 2), WORDS.name);
      slot(pair.signature, WORDS.signature);
      slot(pair.code, WORDS.body);
      slot(pair.docAfterSentence, WORDS.doc);
      slot(pair.docAfterParagraph, WORDS.doc);
    },
    examples: () => ({
      count: packages.length,
      packages: shared(Uint16Array.from(packages)),
      offsets: shared(Uint32Array.from(offsets)),
      rows: shared(rows.values()),
      counts: shared(counts.values()),
    }),
  };
}

type Small = Uint16Array | Uint8Array | Uint32Array;

function growing<Values extends Small>(make: { new (length: number): Values }) {
  let values = new make(2 ** 20);
  let length = 0;
  return {
    push(value: number) {
      if (length === values.length) {
        const larger = new make(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length] = value;
      length += 1;
    },
    length: () => length,
    values: () => values.subarray(0, length) as Values,
  };
}

/** The same in memory that threads share. */
function shared<Values extends Small>(values: Values): Values {
  const make = values.constructor as { new (buffer: SharedArrayBuffer): Values };
  const copy = new make(new SharedArrayBuffer(values.byteLength));
  copy.set(values as never);
  return copy;
}
