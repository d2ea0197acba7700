/** How common the query's terms are in one index. */
export interface Rarity {
  readonly chunks: number;
  /** By term: how many chunks have it. */
  readonly having: readonly number[];
}

/** As SQLite's `bm25()` has it (https://www.sqlite.org/fts5.html#the_bm25_function), of all terms together. */
function mass({ chunks, having }: Rarity): number {
  const weight = (n: number): number => Math.max(1e-6, Math.log((chunks - n + 0.5) / (n + 0.5)));
  return having.reduce((sum, n) => sum + weight(n), 0);
}

/**
 * Factors that make the keyword scores of several indexes comparable: each scores a term by how rare it is among its
 * own chunks, so that what is common in one repository and rare in another would weigh too much there.
 */
export function comparable(indexes: readonly Rarity[]): number[] {
  const [first] = indexes;
  if (first === undefined || indexes.length === 1) return indexes.map(() => 1);
  const together = mass({
    chunks: indexes.reduce((sum, { chunks }) => sum + chunks, 0),
    having: first.having.map((_, term) => indexes.reduce((sum, { having }) => sum + (having[term] ?? 0), 0)),
  });
  return indexes.map((index) => (together === 0 ? 1 : together / Math.max(1e-6, mass(index))));
}
