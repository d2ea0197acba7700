/** What a mean could have been with other queries of the same kind: Efron's percentile bootstrap. */

export interface Interval {
  readonly mean: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const ROUNDS = 1000;

/** The mean of the values and its interval; NaN for no values. */
export function interval(values: readonly number[], random: () => number, rounds = ROUNDS): Interval {
  const means = Float64Array.from({ length: rounds }, () => resampledMean(values, random)).sort();
  const end = (share: number): number => means[Math.min(rounds - 1, Math.floor(share * rounds))] as number;
  return { mean: mean(values), low: end(0.025), high: end(0.975) };
}

/** The same for the difference of two systems over the same queries, query by query. */
export function pairedInterval(
  system: readonly number[],
  baseline: readonly number[],
  random: () => number,
  rounds = ROUNDS,
): Interval {
  if (system.length !== baseline.length) throw new Error('not the same queries');
  return interval(
    system.map((value, at) => value - (baseline[at] as number)),
    random,
    rounds,
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function resampledMean(values: readonly number[], random: () => number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[Math.floor(random() * values.length)] as number;
  return sum / values.length;
}
