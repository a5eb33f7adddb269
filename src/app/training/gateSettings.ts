/** What a gate asks for, as a person sets it: percent and points, in place of shares. */
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import { defaultThresholds, type Thresholds } from '../../core/evaluation/gate.ts';

export interface GateSettings {
  readonly thresholds: Thresholds;
  /** Seeds over which chrF is taken. */
  readonly draws: number;
}

const margin = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const schema = v.strictObject({
  winRate: v.optional(margin, 100 * defaultThresholds.winRateLow),
  pairAccuracy: v.optional(margin, 100 * defaultThresholds.accuracyMargin),
  chrf: v.optional(margin, defaultThresholds.chrfMargin),
  drift: v.optional(margin, defaultThresholds.driftMargin),
  omission: v.optional(margin, 100 * defaultThresholds.omissionMargin),
  diversity: v.optional(margin, 100 * defaultThresholds.diversityFall),
  metric: v.optional(v.nullable(margin)),
  draws: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)), 1),
});

/** @throws AppError `input.invalid` that names the setting and the bad value */
export function parseGateSettings(raw: unknown, where = 'interlinear.gate'): GateSettings {
  const parsed = v.safeParse(schema, raw);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new AppError('input.invalid', { where: [where, v.getDotPath(issue)].filter((part) => part !== null).join('.'), reason: issue.message });
  }
  const { winRate, pairAccuracy, chrf, drift, omission, diversity, metric, draws } = parsed.output;
  const thresholds: Thresholds = {
    ...defaultThresholds, winRateLow: winRate / 100, accuracyMargin: pairAccuracy / 100, chrfMargin: chrf, driftMargin: drift, omissionMargin: omission / 100,
    diversityFall: diversity / 100, ...(typeof metric === 'number' && { metricMargin: metric }),
  };
  return { thresholds, draws };
}
