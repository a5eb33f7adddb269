/** What a new adapter has to show before it is adopted (method.md G, decisions.md 29 to 31). Pure. */
import type { ChrfChange } from './chrfChange.ts';
import type { ValueChange } from './outputChanges.ts';
import type { AccuracyChange } from './pairAccuracy.ts';
import type { WinRate } from './winRate.ts';

/** Who said which output is better. A metric that ranked or chose the pairs must not judge. */
export interface Judge {
  readonly kind: 'people' | 'metric' | 'rule';
  readonly name: string;
  /** Of a blind session: how many people, and the number of verdicts at this look. */
  readonly look?: { readonly people: number; readonly at: number };
}

export interface Diversity {
  /** Mean number of distinct texts among n candidates. */
  readonly before: number;
  readonly after: number;
  /** Mean chrF of the candidates of a source with each other, 0 to 1; where candidates were ranked by chrF. */
  readonly selfChrf?: { readonly before: number; readonly after: number };
}

export interface Measurements {
  readonly winRate?: { readonly judge: Judge; readonly result: WinRate };
  readonly accuracy?: AccuracyChange;
  /** Held-out pairs that could not be scored. */
  readonly unscoredPairs?: number;
  /** On all held-out references: reported, gated only where `preferred` is absent. */
  readonly chrf?: ChrfChange;
  /** On the references that are in the preferred style. */
  readonly chrfPreferred?: ChrfChange;
  /** On references in English or Chinese from other languages: directional degeneration shows here first (LMT). */
  readonly intoHubs?: ChrfChange;
  /** Share of outputs that cover too little of their source. */
  readonly omission?: ValueChange;
  /** Metrics from outside (COMET, quality estimation), higher is better, in their own units. */
  readonly metrics?: readonly MetricChange[];
  readonly diversity?: Diversity;
}

export interface MetricChange extends ValueChange {
  readonly name: string;
}

export interface Thresholds {
  /** The win rate's lower bound must be above. */
  readonly winRateLow: number;
  /** The accuracy change's lower bound must be above minus this. */
  readonly accuracyMargin: number;
  readonly leastPairs: number;
  /** The chrF change's lower bound must be above minus this. */
  readonly chrfMargin: number;
  /** The same for chrF into English or Chinese: directional degeneration. */
  readonly driftMargin: number;
  /** The rise of the omission rate's upper bound must stay under this, from `leastOutputs` on. */
  readonly omissionMargin: number;
  readonly leastOutputs: number;
  /** A metric's lower bound must be above minus this; undefined: metrics are reported. */
  readonly metricMargin?: number;
  /** A fall of distinct candidates beyond this share is a warning. */
  readonly diversityFall: number;
}

export const defaultThresholds: Thresholds = { winRateLow: 0.5, accuracyMargin: 0, leastPairs: 300, chrfMargin: 1, driftMargin: 1, omissionMargin: 0.05, leastOutputs: 200, diversityFall: 0.2 };

export type CheckState = 'passed' | 'failed' | 'reported' | 'notApplicable' | 'notEvaluated';

export type RemarkKey =
  | 'nobodyJudged' | 'judgedBy' | 'judgedBlind' | 'cannotScore' | 'noPairs' | 'fewPairs' | 'noReferences' | 'noHubReferences' | 'noAlignment' | 'fewOutputs'
  | 'measuredBy' | 'moreAlike';

/** Why a check came out so: a sentence by its key (`remark.*` of protocol/trainingStrings.ts), and what stands in it. */
export interface Remark {
  readonly key: RemarkKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface Check {
  readonly name: 'winRate' | 'pairAccuracy' | 'chrf' | 'chrfPreferred' | 'intoHubs' | 'omission' | 'metric' | 'diversity';
  readonly state: CheckState;
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
  /** What `low` must be above; for diversity, what `value` should be. */
  readonly limit?: number;
  readonly remark?: Remark;
}

export interface GateDecision {
  /** `notEvaluated`: nobody judged, or nothing was held out. Never `passed` then. */
  readonly outcome: 'passed' | 'failed' | 'notEvaluated';
  readonly checks: readonly Check[];
}

export function decideGate(measured: Measurements, thresholds: Thresholds = defaultThresholds): GateDecision {
  const checks = [
    winCheck(measured, thresholds), accuracyCheck(measured, thresholds), ...chrfChecks(measured, thresholds),
    omissionCheck(measured, thresholds), ...metricChecks(measured, thresholds), diversityCheck(measured, thresholds),
  ];
  if (checks.some(({ state }) => state === 'failed')) return { outcome: 'failed', checks };
  return { outcome: checks.some(({ state }) => state === 'notEvaluated') ? 'notEvaluated' : 'passed', checks };
}

function winCheck({ winRate }: Measurements, { winRateLow }: Thresholds): Check {
  if (winRate === undefined) return { name: 'winRate', state: 'notEvaluated', remark: { key: 'nobodyJudged' } };
  const { result, judge } = winRate;
  const { low, high } = result.interval;
  return { name: 'winRate', state: low > winRateLow ? 'passed' : 'failed', value: result.rate, low, high, limit: winRateLow, remark: judgeRemark(judge) };
}

function judgeRemark({ name, look }: Judge): Remark {
  return look === undefined ? { key: 'judgedBy', values: { name } } : { key: 'judgedBlind', values: look };
}

function accuracyCheck({ accuracy, unscoredPairs }: Measurements, { accuracyMargin, leastPairs }: Thresholds): Check {
  if (unscoredPairs !== undefined) return { name: 'pairAccuracy', state: 'notApplicable', remark: { key: 'cannotScore', values: { pairs: unscoredPairs } } };
  if (accuracy === undefined) return { name: 'pairAccuracy', state: 'notApplicable', remark: { key: 'noPairs' } };
  const { change, interval: { low, high }, pairs } = accuracy;
  const figures = { name: 'pairAccuracy', value: change, low, high, limit: -accuracyMargin } as const;
  if (pairs < leastPairs) return { ...figures, state: 'reported', remark: { key: 'fewPairs', values: { pairs, needed: leastPairs } } };
  return { ...figures, state: low > -accuracyMargin ? 'passed' : 'failed' };
}

function chrfChecks({ chrf, chrfPreferred, intoHubs }: Measurements, { chrfMargin, driftMargin }: Thresholds): readonly Check[] {
  const check = (name: 'chrf' | 'chrfPreferred' | 'intoHubs', change: ChrfChange | undefined, margin: number | undefined): Check => {
    if (change === undefined) return { name, state: 'notApplicable', remark: { key: name === 'intoHubs' ? 'noHubReferences' : 'noReferences' } };
    const { low, high } = change.interval;
    const figures = { name, value: change.change, low, high } as const;
    if (margin === undefined) return { ...figures, state: 'reported' };
    return { ...figures, limit: -margin, state: low > -margin ? 'passed' : 'failed' };
  };
  return [check('chrf', chrf, chrfPreferred === undefined ? chrfMargin : undefined), check('chrfPreferred', chrfPreferred, chrfMargin), check('intoHubs', intoHubs, driftMargin)];
}

function omissionCheck({ omission }: Measurements, { omissionMargin, leastOutputs }: Thresholds): Check {
  if (omission === undefined) return { name: 'omission', state: 'notApplicable', remark: { key: 'noAlignment' } };
  // turned round, so that as everywhere the lower bound must be above the limit
  const { change, interval: { low, high }, n } = omission;
  const figures = { name: 'omission', value: -change, low: -high, high: -low, limit: -omissionMargin } as const;
  if (n < leastOutputs) return { ...figures, state: 'reported', remark: { key: 'fewOutputs', values: { outputs: n, needed: leastOutputs } } };
  return { ...figures, state: -high > -omissionMargin ? 'passed' : 'failed' };
}

function metricChecks({ metrics = [] }: Measurements, { metricMargin }: Thresholds): readonly Check[] {
  return metrics.map(({ name, change, interval: { low, high } }): Check => {
    const figures = { name: 'metric', value: change, low, high, remark: { key: 'measuredBy', values: { name } } } as const;
    return metricMargin === undefined ? { ...figures, state: 'reported' } : { ...figures, limit: -metricMargin, state: low > -metricMargin ? 'passed' : 'failed' };
  });
}

function diversityCheck({ diversity }: Measurements, { diversityFall }: Thresholds): Check {
  if (diversity === undefined) return { name: 'diversity', state: 'notApplicable' };
  const change = diversity.after / diversity.before - 1;
  const spread = diversity.selfChrf === undefined ? 0 : (1 - diversity.selfChrf.after) / (1 - diversity.selfChrf.before) - 1;
  const alike = Math.min(change, spread) < -diversityFall;
  return { name: 'diversity', state: 'reported', value: change, limit: -diversityFall, ...(alike && { remark: { key: 'moreAlike' } }) };
}
