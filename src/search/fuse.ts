/** What two engines say of one candidate; null where one did not find it. */
export interface Parts {
  /** BM25, higher is better. */
  readonly keyword: number | null;
  /** Cosine. */
  readonly vector: number | null;
}

/** From Cormack, Clarke and Büttcher, "Reciprocal rank fusion" (SIGIR 2009). */
const RRF_K = 60;

/**
 * Keyword over the best keyword + λ · (cosine − mean) over the best of that. Centred: cosines of one model all
 * lie in a narrow band, and their distance from the middle is what tells.
 */
export function linear(parts: readonly Parts[], lambda: number): number[] {
  const bestKeyword = Math.max(0, ...parts.map(({ keyword }) => keyword ?? 0));
  const cosines = parts.flatMap(({ vector }) => vector ?? []);
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length);
  const bestVector = Math.max(0, ...cosines.map((cosine) => cosine - mean));
  return parts.map(({ keyword, vector }) => {
    const byWord = bestKeyword === 0 ? 0 : (keyword ?? 0) / bestKeyword;
    const byVector = bestVector === 0 || vector === null ? 0 : (vector - mean) / bestVector;
    return byWord + lambda * byVector;
  });
}

/** Reciprocal rank fusion, scaled so that first in both lists is 1 + λ. */
export function rrf(parts: readonly Parts[], lambda: number): number[] {
  const byWord = reciprocal(parts.map(({ keyword }) => keyword));
  const byVector = reciprocal(parts.map(({ vector }) => vector));
  return parts.map((_, at) => (RRF_K + 1) * ((byWord[at] ?? 0) + lambda * (byVector[at] ?? 0)));
}

function reciprocal(scores: readonly (number | null)[]): number[] {
  const order = scores.flatMap((score, at) => (score === null ? [] : [{ score, at }]));
  order.sort((a, b) => b.score - a.score);
  const result = scores.map(() => 0);
  order.forEach(({ at }, rank) => (result[at] = 1 / (RRF_K + rank + 1)));
  return result;
}
