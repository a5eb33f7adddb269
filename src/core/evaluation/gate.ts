/** What a new adapter has to show before it is adopted (method.md G, decisions.md 29 to 31). Pure. */
import type { ChrfChange } from './chrfChange.ts';
import type { AccuracyChange } from './pairAccuracy.ts';
import type { WinRate } from './winRate.ts';

/** Who said which output is better. A metric that ranked or chose the pairs must not judge. */
export interface Judge {
  readonly kind: 'people' | 'metric' | 'rule';
  readonly name: string;
}

export interface Diversity {
  /** Mean number of distinct texts among n candidates. */
  readonly before: number;
  readonly after: number;
}

export interface Measurements {
  readonly winRate?: { readonly judge: Judge; readonly result: WinRate };
  readonly accuracy?: AccuracyChange;
  /** On all held-out references: reported, gated only where `preferred` is absent. */
  readonly chrf?: ChrfChange;
  /** On the references that are in the preferred style. */
  readonly chrfPreferred?: ChrfChange;
  readonly diversity?: Diversity;
}

export interface Thresholds {
  /** The win rate's lower bound must be above. */
  readonly winRateLow: number;
  /** The accuracy change's lower bound must be above minus this. */
  readonly accuracyMargin: number;
  readonly leastPairs: number;
  /** The chrF change's lower bound must be above minus this. */
  readonly chrfMargin: number;
  /** A fall of distinct candidates beyond this share is a warning. */
  readonly diversityFall: number;
}

export const defaultThresholds: Thresholds = { winRateLow: 0.5, accuracyMargin: 0, leastPairs: 300, chrfMargin: 1, diversityFall: 0.2 };

export type CheckState = 'passed' | 'failed' | 'reported' | 'notApplicable' | 'notEvaluated';

export interface Check {
  readonly name: 'winRate' | 'pairAccuracy' | 'chrf' | 'chrfPreferred' | 'diversity';
  readonly state: CheckState;
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
  /** What `low` must be above. */
  readonly limit?: number;
  readonly note?: string;
}

export interface GateDecision {
  /** `notEvaluated`: nobody judged, or nothing was held out. Never `passed` then. */
  readonly outcome: 'passed' | 'failed' | 'notEvaluated';
  readonly checks: readonly Check[];
}

export function decideGate(measured: Measurements, thresholds: Thresholds = defaultThresholds): GateDecision {
  const checks = [
    winCheck(measured, thresholds), accuracyCheck(measured, thresholds), ...chrfChecks(measured, thresholds), diversityCheck(measured, thresholds),
  ];
  if (checks.some(({ state }) => state === 'failed')) return { outcome: 'failed', checks };
  return { outcome: checks.some(({ state }) => state === 'notEvaluated') ? 'notEvaluated' : 'passed', checks };
}

function winCheck({ winRate }: Measurements, { winRateLow }: Thresholds): Check {
  if (winRate === undefined) return { name: 'winRate', state: 'notEvaluated', note: 'nobody has judged the outputs' };
  const { result, judge } = winRate;
  const { low, high } = result.interval;
  return { name: 'winRate', state: low > winRateLow ? 'passed' : 'failed', value: result.rate, low, high, limit: winRateLow, note: judge.name };
}

function accuracyCheck({ accuracy }: Measurements, { accuracyMargin, leastPairs }: Thresholds): Check {
  if (accuracy === undefined) return { name: 'pairAccuracy', state: 'notApplicable', note: 'no held-out pairs' };
  const { change, interval: { low, high }, pairs } = accuracy;
  const figures = { name: 'pairAccuracy', value: change, low, high, limit: -accuracyMargin } as const;
  if (pairs < leastPairs) return { ...figures, state: 'reported', note: `${pairs} pairs; ${leastPairs} are needed to gate on` };
  return { ...figures, state: low > -accuracyMargin ? 'passed' : 'failed' };
}

function chrfChecks({ chrf, chrfPreferred }: Measurements, { chrfMargin }: Thresholds): readonly Check[] {
  const check = (name: 'chrf' | 'chrfPreferred', change: ChrfChange | undefined, gated: boolean): Check => {
    if (change === undefined) return { name, state: 'notApplicable', note: 'no references' };
    const { low, high } = change.interval;
    const figures = { name, value: change.change, low, high } as const;
    if (!gated) return { ...figures, state: 'reported' };
    return { ...figures, limit: -chrfMargin, state: low > -chrfMargin ? 'passed' : 'failed' };
  };
  return [check('chrf', chrf, chrfPreferred === undefined), check('chrfPreferred', chrfPreferred, true)];
}

function diversityCheck({ diversity }: Measurements, { diversityFall }: Thresholds): Check {
  if (diversity === undefined) return { name: 'diversity', state: 'notApplicable' };
  const change = diversity.after / diversity.before - 1;
  const note = change < -diversityFall ? 'candidates became more alike' : undefined;
  return { name: 'diversity', state: 'reported', value: change, ...(note !== undefined && { note }) };
}
