import type { Range } from '../types/source.ts';
import { unescaped } from './delimit.ts';

/** Non-blank characters that a quote must have. */
const MIN_QUOTE = 8;
/** A longer quote is searched by its beginning: hostile text must not make the search quadratic. */
const MAX_QUOTE = 1000;

const KEYWORDS = new Set(
  (
    'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move ' +
    'mut pub ref return self Self static struct super trait true type unsafe use where while'
  ).split(' '),
);

/** A text without what only lays it out, with the way back. */
export interface Searchable {
  readonly dense: string;
  /** Offset in the text of each UTF-16 unit of `dense`. */
  readonly offsets: Uint32Array;
}

// A comma before a closing bracket comes and goes with line breaks, as white space does.
const LAYOUT = /\s+|,(?=\s*[)\]}])/g;

/** White space normalised: none of it counts, so that a quote may be laid out otherwise than its source. */
export function searchable(text: string): Searchable {
  const offsets = new Uint32Array(text.length);
  let length = 0;
  let from = 0;
  const keep = (end: number): void => {
    for (let at = from; at < end; at += 1) offsets[length++] = at;
  };
  for (const { 0: layout, index } of text.matchAll(LAYOUT)) {
    keep(index);
    from = index + layout.length;
  }
  keep(text.length);
  return { dense: text.replace(LAYOUT, ''), offsets: offsets.subarray(0, length) };
}

/**
 * Every place where a quote stands in the text that was sent, in order; none where the quote is no
 * evidence: fewer than 8 non-blank characters, no identifier, not in the text. What small models do to a
 * quote is undone, in this order, as long as nothing is found: our own element, a code fence, backticks or
 * quotation marks around it; line numbers before its lines (`12| `); an ellipsis (the part before it must
 * stand).
 */
export function placesOf(quote: string, text: Searchable): Range[] {
  for (const reading of readings(quote)) {
    const dense = reading.replace(LAYOUT, '').replace(/,$/, '').slice(0, MAX_QUOTE);
    if (!isEvidence(reading, dense)) continue;
    const places = allPlaces(dense, text);
    if (places.length > 0) return places;
  }
  return [];
}

function readings(quote: string): string[] {
  const plain = unescaped(quote);
  const bare = plain
    .trim()
    .replace(/^<item id="\d+">|<\/item>$/g, '')
    .replace(/^```\w*\n?|\n?```$/g, '')
    .replace(/^(["'`])(.*)\1$/s, '$2');
  const unnumbered = bare.replace(/^[ \t]*(?:L(?:ine )?)?\d+[ \t]*[|:][ \t]?/gim, '');
  const begun = /^(.*?)(?:\.\.\.|…)/s.exec(unnumbered)?.[1] ?? '';
  return [...new Set([plain, bare, unnumbered, begun])];
}

function isEvidence(quote: string, dense: string): boolean {
  if (dense.length < MIN_QUOTE) return false;
  return (quote.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).some((word) => !KEYWORDS.has(word));
}

function allPlaces(dense: string, { dense: text, offsets }: Searchable): Range[] {
  const places: Range[] = [];
  for (let at = text.indexOf(dense); at !== -1; at = text.indexOf(dense, at + dense.length)) {
    places.push({ start: offsets[at] as number, end: (offsets[at + dense.length - 1] as number) + 1 });
  }
  return places;
}

/**
 * The one place meant, of several: the nearest to the line that the model named (1-based, within the
 * text), else the first that no finding with the same quote has taken yet, else the last of them.
 */
export function placeMeant(
  places: readonly Range[],
  text: string,
  { line, taken }: { readonly line: number | null; readonly taken: ReadonlySet<number> },
): Range | null {
  if (line === null) return places.find(({ start }) => !taken.has(start)) ?? places.at(-1) ?? null;
  let best: Range | null = null;
  let bestDistance = Infinity;
  let lineOfPlace = 1;
  let from = 0;
  for (const place of places) {
    lineOfPlace += text.slice(from, place.start).split('\n').length - 1;
    from = place.start;
    const distance = Math.abs(lineOfPlace - line);
    if (distance < bestDistance) [best, bestDistance] = [place, distance];
  }
  return best;
}
