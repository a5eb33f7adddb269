/** Win rate of a new model over the present one, and when to look at it (decisions.md 29). Pure. */
import type { Interval } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';

export type Verdict = 'new' | 'old' | 'tie';

export interface WinRate {
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly n: number;
  /** (wins + half the ties) / n. */
  readonly rate: number;
  readonly interval: Interval;
}

/**
 * One verdict a source. The interval is Wilson's (1927, eq. 3) for the rate: with ties the true variance is smaller than
 * the binomial one it uses, so it errs on the wide side. Undefined without verdicts.
 */
export function winRate(verdicts: readonly Verdict[], level = 0.95): WinRate | undefined {
  const n = verdicts.length;
  if (n === 0) return undefined;
  const wins = verdicts.filter((verdict) => verdict === 'new').length;
  const ties = verdicts.filter((verdict) => verdict === 'tie').length;
  const rate = (wins + ties / 2) / n;
  return { wins, losses: n - wins - ties, ties, n, rate, interval: wilson(rate, n, level) };
}

function wilson(rate: number, n: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const middle = (rate + z * z / (2 * n)) / (1 + z * z / n);
  const half = z / (1 + z * z / n) * Math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
  return { low: middle - half, high: middle + half };
}

/** Verdicts after which one may look, of a session of people. */
export const looks = [30, 60, 120] as const;

/**
 * Two-sided level of the interval at each look, so that looking three times and stopping at the first success errs no more
 * often than `1 - level`. O'Brien and Fleming's spending function (Lan and DeMets 1983, eq. 2.3),
 * α(t) = 2 − 2Φ(z(α/2)/√t); each look may use what was spent since the last, which by the union bound holds whatever the
 * correlation between looks.
 */
export function lookLevels(level = 0.95, at: readonly number[] = looks): readonly number[] {
  const last = at.at(-1) ?? 1;
  const z = normalQuantile((1 + level) / 2);
  const spent = at.map((n) => 2 - 2 * normalCdf(z / Math.sqrt(n / last)));
  return spent.map((alpha, index) => 1 - (alpha - (spent[index - 1] ?? 0)));
}

/** What a session of people may conclude after n verdicts; `waiting` before the next look. */
export type LookOutcome =
  | { readonly kind: 'waiting'; readonly next: number }
  | { readonly kind: 'better' | 'worse' | 'undecided'; readonly look: number; readonly level: number; readonly result: WinRate };

/** The first look that decides, else the last one reached: verdicts after a decision do not unmake it. */
export function sequentialOutcome(verdicts: readonly Verdict[], level = 0.95): LookOutcome {
  const levels = lookLevels(level);
  let reached: LookOutcome = { kind: 'waiting', next: looks[0] };
  for (const [index, look] of looks.entries()) {
    const own = levels[index];
    const result = winRate(verdicts.slice(0, look), own);
    if (verdicts.length < look || own === undefined || result === undefined) break;
    if (result.interval.low > 0.5) return { kind: 'better', look, level: own, result };
    if (result.interval.high < 0.5) return { kind: 'worse', look, level: own, result };
    reached = { kind: 'undecided', look, level: own, result };
  }
  return reached;
}
