import { detached } from '../../util/detached.ts';
import { eachWord } from './words.ts';

/** Calls `visit` with the row of the table for each piece of each word of a text, in order. */
export type Tokenizer = (text: string, words: number, visit: (row: number) => void) => void;

/** Words remembered at most; a repository has about a tenth of it. */
const REMEMBERED = 200_000;
const SHORTEST_PIECE = 3;
const NOTHING = new Uint16Array(0);

/**
 * Reads text as rows of a table: a word that the vocabulary has is its row; any other is cut, from its front on, into
 * the longest words that it has. `rows`: by word in small letters. Of a text at most so many words are read.
 */
export function newTokenizer(rows: ReadonlyMap<string, number>): Tokenizer {
  const longest = Math.max(0, ...[...rows.keys()].map(({ length }) => length));
  const known = new Map<string, Uint16Array>();
  return (text, words, visit) =>
    eachWord(text, words, (word) => {
      let pieces = known.get(word);
      if (pieces === undefined) {
        if (known.size >= REMEMBERED) known.clear();
        known.set(detached(word), (pieces = piecesOf(word.toLowerCase(), rows, longest)));
      }
      for (let at = 0; at < pieces.length; at += 1) visit(pieces[at] as number);
    });
}

function piecesOf(word: string, rows: ReadonlyMap<string, number>, longest: number): Uint16Array {
  const whole = rows.get(word);
  if (whole !== undefined) return Uint16Array.of(whole);
  const pieces: number[] = [];
  for (let at = 0; at + SHORTEST_PIECE <= word.length;) {
    const [row, length] = longestAt(word, at, rows, longest);
    if (row !== -1) pieces.push(row);
    at += length;
  }
  return pieces.length === 0 ? NOTHING : Uint16Array.from(pieces);
}

/** The row of the longest piece that begins there, and its length; -1 and 1 where there is none. */
function longestAt(
  word: string,
  at: number,
  rows: ReadonlyMap<string, number>,
  longest: number,
): readonly [number, number] {
  for (let length = Math.min(longest, word.length - at); length >= SHORTEST_PIECE; length -= 1) {
    const row = rows.get(word.slice(at, at + length));
    if (row !== undefined) return [row, length];
  }
  return [-1, 1];
}
