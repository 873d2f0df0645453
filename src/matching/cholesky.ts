/** A small symmetric positive definite matrix or a triangular factor of one, row by row. */
export type Matrix = readonly (readonly number[])[];

/** The lower triangular L with L Lᵀ = `matrix`. @throws Error where the matrix is not positive definite. */
export function cholesky(matrix: Matrix): number[][] {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const current: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      const earlier = j < i ? (lower[j] ?? []) : current;
      let rest = row[j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (current[k] ?? 0) * (earlier[k] ?? 0);
      if (j === i && rest <= 0) throw new Error('the matrix is not positive definite');
      current.push(j === i ? Math.sqrt(rest) : rest / (earlier[j] ?? 1));
    }
    lower.push(current);
  }
  return lower;
}

/** x with L x = `right`. */
export function solveLower(lower: Matrix, right: readonly number[]): number[] {
  const x: number[] = [];
  for (const [i, row] of lower.entries()) {
    let rest = right[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (row[k] ?? 0) * (x[k] ?? 0);
    x.push(rest / (row[i] ?? 1));
  }
  return x;
}

/** x with Lᵀ x = `right`. */
export function solveUpper(lower: Matrix, right: readonly number[]): number[] {
  const n = lower.length;
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i -= 1) {
    let rest = right[i] ?? 0;
    for (let k = i + 1; k < n; k += 1) rest -= (lower[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (lower[i]?.[i] ?? 1);
  }
  return x;
}
