const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;

/** The identifiers in a text, each once, those of one or two characters left out. */
export function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(WORD)].map(([word]) => word).filter((word) => word.length > 2));
}
