/** Changes between two models' outputs that references do not show: omissions, and scores of outside metrics. Pure. */
import { bootstrapInterval, type BootstrapOptions, type Interval } from './interval.ts';

export interface PairedValue {
  readonly source: string;
  readonly before: number;
  readonly after: number;
}

export interface ValueChange {
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly interval: Interval;
  readonly n: number;
}

/** Mean change with a paired bootstrap by row. Undefined without rows. */
export function meanChange(rows: readonly PairedValue[], options: BootstrapOptions = {}): ValueChange | undefined {
  const mean = (drawn: readonly PairedValue[], side: 'before' | 'after'): number => drawn.reduce((sum, row) => sum + row[side], 0) / drawn.length;
  const interval = bootstrapInterval(rows, (drawn) => mean(drawn, 'after') - mean(drawn, 'before'), options);
  if (interval === undefined) return undefined;
  const [before, after] = [mean(rows, 'before'), mean(rows, 'after')];
  return { before, after, change: after - before, interval, n: rows.length };
}

/** How often the present model is flagged: the threshold is this quantile of its coverage (decisions.md 18). */
const flagged = 0.05;

/**
 * Omission rate: share of outputs whose coverage of the source (0 to 1) is below what 5 % of the present model's outputs are
 * below, rounded down. Undefined under 20 rows: 5 % of fewer is nobody.
 */
export function omissionChange(coverage: readonly PairedValue[], options: BootstrapOptions = {}): ValueChange | undefined {
  if (coverage.length < 1 / flagged) return undefined;
  const sorted = coverage.map(({ before }) => before).sort((a, b) => a - b);
  const threshold = sorted[Math.floor(flagged * sorted.length)] ?? 0;
  const below = (value: number): number => Number(value < threshold);
  return meanChange(coverage.map(({ source, before, after }) => ({ source, before: below(before), after: below(after) })), options);
}
