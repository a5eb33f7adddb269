/** A dense matrix in row-major order; `data.length === rows * cols`. The form in which matrices cross processes. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}
