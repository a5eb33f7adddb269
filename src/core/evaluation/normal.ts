/** The normal distribution, as far as intervals need it. Pure. */

/** Φ(x). Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI) * series;
  return x >= 0 ? 1 - upper : upper;
}

/** Φ⁻¹(p) for 0 < p < 1, by bisection of `normalCdf` to 1e-10: errors are those of Φ. */
export function normalQuantile(p: number): number {
  let [low, high] = [-9, 9];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
