/** What is learnt, in memory that threads share. */
import { FIELDS, GROUPS } from '../../src/embed/builtin/fields.ts';
import { DIMENSIONS } from '../../src/embed/embedder.ts';

export interface Parameters {
  readonly size: number;
  /** A row of `DIMENSIONS` for each token. */
  readonly table: Float32Array;
  /** A weight for each token in each group, one group after the other. */
  readonly weights: Float32Array;
  /** Of each field, in the order of `FIELDS`. */
  readonly fields: Float32Array;
  /** What cosines are multiplied by before the softmax, its logarithm. */
  readonly scale: Float32Array;
}

export function newParameters(size: number): Parameters {
  return {
    size,
    table: sharedFloats(size * DIMENSIONS),
    weights: sharedFloats(size * GROUPS.length).fill(1),
    fields: sharedFloats(FIELDS.length).fill(1),
    scale: sharedFloats(1).fill(Math.log(20)),
  };
}

export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * 4));
}
