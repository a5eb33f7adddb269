/**
 * ψ(x), the derivative of log Γ, for x > 0, to about 1e-10: recurrence up to 7, then the asymptotic series
 * (Abramowitz and Stegun 6.3.5, 6.3.18).
 */
export function digamma(x: number): number {
  let shifted = x;
  let sum = 0;
  while (shifted < 7) {
    sum -= 1 / shifted;
    shifted++;
  }
  const inverse = 1 / (shifted * shifted);
  const series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))));
  return sum + Math.log(shifted) - 0.5 / shifted - series;
}
