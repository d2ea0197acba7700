import type { Splitter } from './words.ts';

export interface Match {
  /** 0-based, within the text. */
  readonly line: number;
  readonly text: string;
}

/** The lines of a text that say most of the query's terms, at most `limit`, in their order. */
export function matchingLines(
  split: Splitter,
  text: string,
  terms: readonly string[],
  limit: number,
): Match[] {
  const wanted = new Set(terms);
  const found = text
    .split('\n')
    .map((line, at) => ({
      line: at,
      text: line,
      said: new Set(split(line).filter((term) => wanted.has(term))).size,
    }))
    .filter(({ said }) => said > 0);
  return found
    .sort((a, b) => b.said - a.said || a.line - b.line)
    .slice(0, limit)
    .sort((a, b) => a.line - b.line)
    .map(({ line, text: own }) => ({ line, text: own }));
}

/** Where words of the query stand in a line: half-open ranges. */
export function matchingWords(split: Splitter, line: string, terms: readonly string[]): [number, number][] {
  const wanted = new Set(terms);
  return [...line.matchAll(/[\p{L}\p{N}_]+/gu)]
    .filter(([word]) => split(word).some((term) => wanted.has(term)))
    .map(({ 0: word, index }) => [index, index + word.length]);
}
