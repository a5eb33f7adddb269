/** Standard deviations below this count as this much, so that noise in a segment without spread is not blown up. */
const deviationFloor = 0.01;

export interface HybridTerms {
  /** S_MBR of each candidate, 0 to 1. */
  readonly mbr: readonly number[];
  /** S_align of each candidate, 0 to 1: (share of aligned source words + share of aligned target words) / 2. */
  readonly align: readonly number[];
  /** Weight of each candidate in the segment's mean and deviation, e.g. its count. */
  readonly weights: readonly number[];
}

/**
 * S_hybrid of Algharb eq. 5 within a segment: z(S_MBR) + λ·z(S_align), or S_MBR + λ·S_align where `normalisation` is
 * `raw` (decisions.md 16). With the paper's raw sum λ = 0.5 hardly moves the order: the alignment term spreads far less.
 */
export function hybridScores(terms: HybridTerms, lambda: number, normalisation: 'zscore' | 'raw'): number[] {
  const scale = (values: readonly number[]): readonly number[] => (normalisation === 'raw' ? values : zScores(values, terms.weights));
  const align = scale(terms.align);
  return scale(terms.mbr).map((value, index) => value + lambda * (align[index] ?? 0));
}

/** (x − mean) / max(sd, 0.01) with the weighted mean and the weighted population deviation. */
export function zScores(values: readonly number[], weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total;
  const variance = values.reduce((sum, value, index) => sum + (value - mean) ** 2 * (weights[index] ?? 0), 0) / total;
  const deviation = Math.max(Math.sqrt(variance), deviationFloor);
  return values.map((value) => (value - mean) / deviation);
}
