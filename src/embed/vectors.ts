/** How the states of a text's tokens become one vector. */
export type Pooling = 'mean' | 'cls';

/**
 * One vector per text out of `states`, row by row as [texts, width, dimensions]; `lengths` counts the tokens of each
 * text that are no padding. Each vector has length 1.
 */
export function pool(
  states: Float32Array,
  shape: { readonly width: number; readonly dimensions: number },
  lengths: readonly number[],
  pooling: Pooling,
): Float32Array[] {
  const { width, dimensions } = shape;
  return lengths.map((length, text) => {
    const start = text * width * dimensions;
    const counted = pooling === 'cls' ? 1 : length;
    const vector = new Float32Array(dimensions);
    for (let token = 0; token < counted; token += 1) {
      const row = start + token * dimensions;
      for (let at = 0; at < dimensions; at += 1) vector[at] = (vector[at] ?? 0) + (states[row + at] ?? 0);
    }
    return normalised(vector);
  });
}

/** Scaled to length 1; a vector of zeros stays as it is. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** Of vectors of length 1 this is their cosine. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** In [-1, 1]; 0 where one of them is all zeros. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : 0;
}
