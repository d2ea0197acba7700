/** Measures of one ranked list. `relevant`: for each place in it, best first, whether what stands there was wanted. */

/** One over the place of the first wanted result among the first `depth`, 0 where there is none. */
export function reciprocalRank(relevant: readonly boolean[], depth = 10): number {
  const at = relevant.slice(0, depth).indexOf(true);
  return at === -1 ? 0 : 1 / (at + 1);
}

/** Discounted gain over the best that `wanted` results could reach within `depth`: Järvelin and Kekäläinen (2002). */
export function ndcg(relevant: readonly boolean[], wanted: number, depth = 10): number {
  const gain = (at: number): number => 1 / Math.log2(at + 2);
  let best = 0;
  for (let at = 0; at < Math.min(wanted, depth); at += 1) best += gain(at);
  const got = relevant.slice(0, depth).reduce((sum, hit, at) => sum + (hit ? gain(at) : 0), 0);
  return best === 0 ? 0 : got / best;
}

/** 1 where something wanted is among the first `depth`. */
export function hit(relevant: readonly boolean[], depth: number): number {
  return relevant.slice(0, depth).includes(true) ? 1 : 0;
}

export const MEASURES = ['mrr', 'ndcg', 'hit1', 'hit5', 'hit10'] as const;
export type Measures = Readonly<Record<(typeof MEASURES)[number], number>>;

/** Every measure of one list. */
export function measure(relevant: readonly boolean[], wanted: number): Measures {
  return {
    mrr: reciprocalRank(relevant),
    ndcg: ndcg(relevant, wanted),
    hit1: hit(relevant, 1),
    hit5: hit(relevant, 5),
    hit10: hit(relevant, 10),
  };
}
