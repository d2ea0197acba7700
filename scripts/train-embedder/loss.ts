/** InfoNCE both ways over one thread's share of a batch: from vectors to the loss and its slopes. */
import { DIMENSIONS } from '../../src/embed/embedder.ts';
import { timesTransposed } from './matrix.ts';

/** A thread's queries, against all items of the batch. */
export interface LossShare {
  /** Queries of this thread, and the place of the first among all. */
  readonly own: number;
  readonly first: number;
  readonly batch: number;
  /** Vectors of the batch. */
  readonly queries: Float32Array;
  readonly items: Float32Array;
  /** Of each thread: sums over its queries, for each item; then its loss, and the slope of the scale. */
  readonly sums: readonly Float64Array[];
  readonly thread: number;
}

export interface Loss {
  /** `own` × `batch`: cosines, then their exponentials, then the slopes of the loss. */
  readonly logits: Float32Array;
  /** The first half, before the sums of other threads are known. */
  exponentials(scale: number): void;
  /** The second: slopes of the mean loss by each cosine, in `logits`. */
  slopes(scale: number): void;
}

export function newLoss({ own, first, batch, queries, items, sums, thread }: LossShare): Loss {
  const logits = new Float32Array(own * batch);
  const ownSums = sums[thread] as Float64Array;
  const rowSums = new Float64Array(own);
  const columnSums = new Float64Array(batch);
  return { logits, exponentials, slopes };

  /** Cosines of the own queries with all items → exponentials, with sums of rows and columns. */
  function exponentials(scale: number): void {
    const ownQueries = queries.subarray(first * DIMENSIONS, (first + own) * DIMENSIONS);
    timesTransposed(ownQueries, items, logits, { rows: own, columns: batch, inner: DIMENSIONS });
    ownSums.fill(0);
    for (let row = 0; row < own; row += 1) {
      let sum = 0;
      ownSums[batch] =
        (ownSums[batch] as number) - scale * ((logits[row * batch + first + row] as number) - 1) * 2;
      ownSums[batch + 1] = (ownSums[batch + 1] as number) - (logits[row * batch + first + row] as number) * 2;
      for (let column = 0; column < batch; column += 1) {
        const at = row * batch + column;
        // Of vectors of length 1 no logit is above the scale.
        const value = Math.exp(scale * ((logits[at] as number) - 1));
        logits[at] = value;
        sum += value;
        ownSums[column] = (ownSums[column] as number) + value;
      }
      rowSums[row] = sum;
    }
  }

  /** The slopes of the loss by each logit, in the place of the exponentials. */
  function slopes(scale: number): void {
    for (let column = 0; column < batch; column += 1)
      columnSums[column] = sums.reduce((sum, one) => sum + (one[column] as number), 0);
    let loss = 0;
    let scaleSlope = 0;
    for (let row = 0; row < own; row += 1) {
      loss += Math.log(rowSums[row] as number) + Math.log(columnSums[first + row] as number);
      for (let column = 0; column < batch; column += 1) {
        const at = row * batch + column;
        const value = logits[at] as number;
        const slope = value / (rowSums[row] as number) + value / (columnSums[column] as number);
        if (slope > 0) scaleSlope += slope * (Math.log(Math.max(value, 1e-37)) / scale + 1);
        logits[at] = slope - (column === first + row ? 2 : 0);
      }
    }
    ownSums[batch] = (ownSums[batch] as number) + loss;
    ownSums[batch + 1] = (ownSums[batch + 1] as number) + scaleSlope;
    const factor = scale / (2 * batch);
    for (let at = 0; at < logits.length; at += 1) logits[at] = (logits[at] as number) * factor;
  }
}
