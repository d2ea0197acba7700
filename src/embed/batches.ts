export interface BatchLimits {
  /** Of a batch after padding: its longest text times its number of texts. Memory grows with it. */
  readonly maxTokens: number;
  readonly maxTexts: number;
}

/**
 * Cuts texts into batches: `lengths` in tokens → indices into it, each once. Texts of like length share a batch, so
 * that little is padded. A text that is too long by itself stands alone.
 */
export function cutBatches(lengths: readonly number[], limits: BatchLimits): number[][] {
  const lengthOf = (index: number): number => lengths[index] ?? 0;
  const byLength = lengths.map((_, index) => index).sort((a, b) => lengthOf(a) - lengthOf(b) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const index of byLength) {
    // Sorted: this one is the longest so far.
    const padded = lengthOf(index) * (batch.length + 1);
    if (batch.length > 0 && (padded > limits.maxTokens || batch.length >= limits.maxTexts)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(index);
  }
  return batch.length === 0 ? batches : [...batches, batch];
}

/** Runs batch after batch and gives the results in the order of `lengths`. */
export async function inBatches<Result>(
  lengths: readonly number[],
  limits: BatchLimits,
  run: (indices: readonly number[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results = new Array<Result>(lengths.length);
  for (const indices of cutBatches(lengths, limits)) {
    const made = await run(indices);
    indices.forEach((index, at) => (results[index] = made[at] as Result));
  }
  return results;
}
