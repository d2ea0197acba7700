/** Which words have a row of the table. */
import { stemmer } from 'stemmer';
import { eachWord } from '../../src/embed/builtin/words.ts';
import type { PairOf } from './extract.ts';

export interface Vocabulary {
  /** The row of each word, in small letters; the forms of a word share one. */
  readonly rows: ReadonlyMap<string, number>;
  readonly size: number;
}

export interface Counting {
  add(pair: PairOf): void;
  /** At most so many rows, of the words that the most packages have. */
  vocabulary(size: number): Vocabulary;
}

const MOST_WORDS = 600;
/** A word of one package is a name of its own. */
const FEWEST_PACKAGES = 2;

/** Counts the packages that each word occurs in; pairs come package by package. */
export function countWords(): Counting {
  const words = new Map<string, { packages: number; last: number }>();
  return {
    add({ package: number, paragraph, docAfterParagraph, path, code }) {
      for (const text of [paragraph, docAfterParagraph, path, code])
        eachWord(text, MOST_WORDS, (word) => {
          const small = word.toLowerCase();
          const count = words.get(small);
          if (count === undefined) words.set(small, { packages: 1, last: number });
          else if (count.last !== number) {
            count.packages += 1;
            count.last = number;
          }
        });
    },
    vocabulary(size) {
      const common = [...words]
        .map(([word, { packages }]) => ({ word, packages }))
        .filter(({ packages }) => packages >= FEWEST_PACKAGES);
      return chosen(common, size);
    },
  };
}

function chosen(
  words: readonly { readonly word: string; readonly packages: number }[],
  size: number,
): Vocabulary {
  const forms = new Map<string, { packages: number; words: string[] }>();
  for (const { word, packages } of words) {
    const stem = stemmer(word);
    const group = forms.get(stem);
    if (group === undefined) forms.set(stem, { packages, words: [word] });
    else {
      group.packages += packages;
      group.words.push(word);
    }
  }
  const kept = [...forms.values()]
    .sort((a, b) => b.packages - a.packages || (String(a.words[0]) < String(b.words[0]) ? -1 : 1))
    .slice(0, size);
  return {
    rows: new Map(kept.flatMap((group, row) => group.words.map((word) => [word, row]))),
    size: kept.length,
  };
}
