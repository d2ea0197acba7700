/** Products of dense matrices, row by row in one array; a few rows at a time, so that what is loaded is used often. */

export interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
}

/** out[i][j] = Σ a[i][k] · b[j][k]; `rows` divides by 4 and `columns` by 2. */
export function timesTransposed(a: Float32Array, b: Float32Array, out: Float32Array, shape: Shape): void {
  const { rows, columns, inner } = shape;
  for (let i = 0; i < rows; i += 4) {
    const a0 = i * inner;
    const a1 = a0 + inner;
    const a2 = a1 + inner;
    const a3 = a2 + inner;
    for (let j = 0; j < columns; j += 2) {
      const b0 = j * inner;
      const b1 = b0 + inner;
      let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let k = 0; k < inner; k += 1) {
        const x = b[b0 + k] as number;
        const y = b[b1 + k] as number;
        const p = a[a0 + k] as number;
        const q = a[a1 + k] as number;
        const r = a[a2 + k] as number;
        const t = a[a3 + k] as number;
        s00 += p * x;
        s01 += p * y;
        s10 += q * x;
        s11 += q * y;
        s20 += r * x;
        s21 += r * y;
        s30 += t * x;
        s31 += t * y;
      }
      const at = i * columns + j;
      out[at] = s00;
      out[at + 1] = s01;
      out[at + columns] = s10;
      out[at + columns + 1] = s11;
      out[at + 2 * columns] = s20;
      out[at + 2 * columns + 1] = s21;
      out[at + 3 * columns] = s30;
      out[at + 3 * columns + 1] = s31;
    }
  }
}

/** out[i] = Σ a[i][j] · b[j], vectors of length `inner`; `columns` divides by 4. */
export function times(a: Float32Array, b: Float32Array, out: Float32Array, shape: Shape): void {
  const { rows, columns, inner } = shape;
  out.fill(0, 0, rows * inner);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 4) addFour(a, i * columns + j, 1, b, j * inner, out, i * inner, inner);
}

/** out[j] = Σ a[i][j] · b[i], vectors of length `inner`; `rows` divides by 4. */
export function transposedTimes(a: Float32Array, b: Float32Array, out: Float32Array, shape: Shape): void {
  const { rows, columns, inner } = shape;
  out.fill(0, 0, columns * inner);
  for (let i = 0; i < rows; i += 4)
    for (let j = 0; j < columns; j += 1)
      addFour(a, i * columns + j, columns, b, i * inner, out, j * inner, inner);
}

/** Adds four vectors of `b` that follow one another, weighted by values of `a` that stand `step` apart. */
function addFour(
  a: Float32Array,
  from: number,
  step: number,
  b: Float32Array,
  b0: number,
  out: Float32Array,
  to: number,
  inner: number,
): void {
  const w0 = a[from] as number;
  const w1 = a[from + step] as number;
  const w2 = a[from + 2 * step] as number;
  const w3 = a[from + 3 * step] as number;
  const b1 = b0 + inner;
  const b2 = b1 + inner;
  const b3 = b2 + inner;
  for (let k = 0; k < inner; k += 1)
    out[to + k] =
      (out[to + k] as number) +
      w0 * (b[b0 + k] as number) +
      w1 * (b[b1 + k] as number) +
      w2 * (b[b2 + k] as number) +
      w3 * (b[b3 + k] as number);
}
