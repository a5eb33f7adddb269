/**
 * The diagonal prior of fast_align (Dyer, Chahuneau and Smith 2013, eq. 1 and 2): made token j of m is aligned with
 * given token i of n with a weight of exp(λ·h), h = −|i/n − j/m|, i and j from 1, λ the tension.
 */
export interface DiagonalPrior {
  /** λ: 0 is flat, 14 nearly a line. */
  readonly tension: number;
  /** P(made token comes from the empty word). */
  readonly empty: number;
}

/** h of the prior, −1 to 0. `i` and `j` count from 1. */
export function diagonalFeature(i: number, j: number, n: number, m: number): number {
  return -Math.abs(i / n - j / m);
}

/**
 * Fills `into[0]` with the empty word's prior and `into[1..n]` with the given tokens', summing to 1, for the made token
 * at relative place j/m, j from 1. From the nearest given token outwards weights fall by exp(−λ/n), so two exponentials are enough.
 */
export function fillPrior(into: Float64Array, prior: DiagonalPrior, place: number, n: number): void {
  into[0] = n === 0 ? 1 : prior.empty;
  if (n === 0) return;
  const total = fillWeights(into, prior.tension, place, n);
  const scale = (1 - prior.empty) / total;
  for (let i = 1; i <= n; i++) into[i] = (into[i] ?? 0) * scale;
}

/** How many sentence pairs there are of each pair of lengths. */
export type LengthCounts = ReadonlyMap<number, { readonly made: number; readonly given: number; readonly pairs: number }>;

/** Mean of h under the prior, a made token. Cost: one weight a cell of every distinct pair of lengths. */
export function expectedFeature(tension: number, lengths: LengthCounts): number {
  let sum = 0;
  let tokens = 0;
  for (const { made, given, pairs } of lengths.values()) {
    tokens += made * pairs;
    if (given === 0) continue;
    const weights = new Float64Array(given + 1);
    for (let j = 1; j <= made; j++) {
      const total = fillWeights(weights, tension, j / made, given);
      let feature = 0;
      for (let i = 1; i <= given; i++) feature += (weights[i] ?? 0) * diagonalFeature(i, j, given, made);
      sum += (pairs * feature) / total;
    }
  }
  return tokens === 0 ? 0 : sum / tokens;
}

/** The published update: 8 steps of λ += 20·(E_posterior[h] − E_prior[h]), kept within 0.1 to 14. */
export function updateTension(tension: number, posteriorFeature: number, lengths: LengthCounts): number {
  let next = tension;
  for (let step = 0; step < 8; step++) {
    next += 20 * (posteriorFeature - expectedFeature(next, lengths));
    next = Math.min(14, Math.max(0.1, next));
  }
  return next;
}

/** exp(λ·h) into `into[1..n]` for a made token at relative place `place`; returns their sum. */
function fillWeights(into: Float64Array, tension: number, place: number, n: number): number {
  const ratio = Math.exp(-tension / n);
  const below = Math.min(n, Math.floor(place * n));
  let total = 0;
  let weight = Math.exp(-tension * (place - below / n));
  for (let i = below; i >= 1; i--, weight *= ratio) {
    into[i] = weight;
    total += weight;
  }
  weight = Math.exp(-tension * Math.abs((below + 1) / n - place));
  for (let i = below + 1; i <= n; i++, weight *= ratio) {
    into[i] = weight;
    total += weight;
  }
  return total;
}
