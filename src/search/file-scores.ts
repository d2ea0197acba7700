/** For each term of a query: how many chunks of which file have it. */
export type Spread<File> = readonly ReadonlyMap<File, number>[];

/** Chunks after which more of them add little: as BM25's k1. */
const SATURATION = 1.2;

/**
 * How much of a query a whole file holds: over its terms, the rarity of the term among the `files` times the
 * saturated number of chunks that have it. Its length plays no part: the order within a file is the chunks' own.
 */
export function fileScores<File>(spread: Spread<File>, files: number): Map<File, number> {
  const scores = new Map<File, number>();
  for (const found of spread) {
    const rarity = Math.log(1 + (files - found.size + 0.5) / (found.size + 0.5));
    for (const [file, chunks] of found) {
      const score = (rarity * chunks) / (chunks + SATURATION);
      scores.set(file, (scores.get(file) ?? 0) + score);
    }
  }
  return scores;
}
