import { AppError } from '../errors.ts';

/** Row-major utilities 0 to 1 of N hypotheses (rows) against the same N texts as pseudo-references. */
export interface SquareUtilities {
  readonly size: number;
  readonly data: Float32Array | Float64Array;
}

/** How much each text weighs as a pseudo-reference: samples that gave it, or its log-probability. */
export type Evidence =
  | { readonly kind: 'counts'; readonly counts: readonly number[] }
  | { readonly kind: 'logProbs'; readonly logProbs: readonly number[] };

/**
 * Weighted mean utility of each hypothesis (Algharb eq. 3 and 4, as a mean: method.md B), 0 to 1:
 * S_i = Σ_k w_k U_ik / Σ_k w_k. w are counts, or the softmax of log-probabilities over distinct texts.
 *
 * Without self one occurrence is dropped: counts give (Σ_k c_k U_ik − U_ii) / (Σ_k c_k − 1); with probabilities the text
 * itself is left out and the others' softmax taken. Weight 0 (or −Infinity) keeps a text out of the pseudo-references:
 * it is scored against the rest. Undefined where nothing is left to compare with, and for a single sample.
 * Cost: N², with probabilities and without self N² exponentials.
 */
export function mbrScores(utilities: SquareUtilities, evidence: Evidence, includeSelf: boolean): (number | undefined)[] {
  checkSizes(utilities, evidence);
  const indexes = Array.from({ length: utilities.size }, (_, index) => index);
  if (evidence.kind === 'counts') return countScores(utilities, evidence.counts, includeSelf);
  const taking = evidence.logProbs.filter((value) => value > -Infinity).length;
  return indexes.map((row) => {
    const own = (evidence.logProbs[row] ?? -Infinity) > -Infinity;
    if (taking < 2 && (own || taking === 0)) return undefined;
    const kept = includeSelf ? evidence.logProbs : evidence.logProbs.map((value, index) => (index === row ? -Infinity : value));
    return weightedMean(utilities, row, softmax(kept));
  });
}

/** Weights that sum to 1; −Infinity gets 0. */
export function softmax(logProbs: readonly number[]): number[] {
  const highest = logProbs.reduce((a, b) => Math.max(a, b), -Infinity);
  if (highest === -Infinity) return logProbs.map(() => 0);
  const raw = logProbs.map((value) => Math.exp(value - highest));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => value / total);
}

function countScores(utilities: SquareUtilities, counts: readonly number[], includeSelf: boolean): (number | undefined)[] {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count, row) => {
    const own = count > 0;
    if (total === 0 || (own && total === 1)) return undefined;
    const drop = own && !includeSelf ? 1 : 0;
    return weightedMean(utilities, row, counts.map((value, index) => (index === row ? value - drop : value)));
  });
}

function weightedMean(utilities: SquareUtilities, row: number, weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  weights.forEach((weight, column) => {
    sum += weight * (utilities.data[row * utilities.size + column] ?? 0);
    total += weight;
  });
  return sum / total;
}

function checkSizes(utilities: SquareUtilities, evidence: Evidence): void {
  const given = evidence.kind === 'counts' ? evidence.counts : evidence.logProbs;
  if (utilities.data.length === utilities.size ** 2 && given.length === utilities.size) return;
  const value = `${String(utilities.data.length)} utilities, ${String(given.length)} weights`;
  throw new AppError('ranking.badSettings', { name: 'utilities', value, allowed: `${String(utilities.size)}² and ${String(utilities.size)}` });
}
