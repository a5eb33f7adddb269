import type { Matrix } from '../matrix.ts';

/** One segment's texts for a utility. */
export interface UtilityInput {
  readonly source: string;
  readonly hypotheses: readonly string[];
  /** Pseudo-references: for MBR the hypotheses themselves. */
  readonly references: readonly string[];
}

/** U(y, y'): how good a hypothesis is if the reference were the truth. Values 0 to 1 inside the product. */
export interface Utility {
  readonly name: string;
  /** Everything needed to get the same numbers again, e.g. `chrF2|nc:6|nw:0|space:no|version:interlinear-0.1.0`. */
  readonly signature: string;
  /** Rows are hypotheses, columns references. Cost: one call a pair at worst. */
  pairwise(input: UtilityInput, signal: AbortSignal): Promise<Matrix>;
}

/** Reference-free quality of each hypothesis, 0 to 1. */
export interface QualityEstimator {
  readonly name: string;
  readonly signature: string;
  estimate(source: string, hypotheses: readonly string[], signal: AbortSignal): Promise<Float32Array>;
}
