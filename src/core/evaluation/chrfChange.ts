/** Change of corpus chrF between two models on the same references, with a paired bootstrap by source. Pure. */
import { chrfOfStatistics, chrfStatistics, type ChrfStatistics } from '../ranking/chrf.ts';
import { defaultChrf } from '../ranking/chrfOptions.ts';
import { bootstrapInterval, bySource, type BootstrapOptions, type Interval } from './interval.ts';

export interface ComparedOutput {
  readonly source: string;
  readonly reference: string;
  readonly before: string;
  readonly after: string;
}

export interface ChrfChange {
  /** Corpus chrF, 0 to 100. */
  readonly before: number;
  readonly after: number;
  readonly change: number;
  readonly interval: Interval;
  /** Sources. */
  readonly n: number;
}

/**
 * Koehn 2004, section 3, paired. Several outputs of a source (other seeds) are drawn together: they narrow the interval by what
 * sampling adds to it and no further. Cost: n-grams once, then resamples times n sums. Undefined without outputs.
 */
export function chrfChange(outputs: readonly ComparedOutput[], options: BootstrapOptions = {}): ChrfChange | undefined {
  const sources = bySource(outputs).map((own) => ({ before: statisticsOf(own, 'before'), after: statisticsOf(own, 'after') }));
  const score = (drawn: typeof sources, side: 'before' | 'after'): number => chrfOfStatistics(total(drawn.map((row) => row[side])), defaultChrf);
  const interval = bootstrapInterval(sources, (drawn) => score([...drawn], 'after') - score([...drawn], 'before'), options);
  if (interval === undefined) return undefined;
  const [before, after] = [score(sources, 'before'), score(sources, 'after')];
  return { before, after, change: after - before, interval, n: sources.length };
}

function statisticsOf(outputs: readonly ComparedOutput[], side: 'before' | 'after'): ChrfStatistics {
  return total(outputs.map((output) => chrfStatistics(output[side], [output.reference], defaultChrf)));
}

function total(rows: readonly ChrfStatistics[]): ChrfStatistics {
  const sum = new Float64Array(3 * (defaultChrf.charOrder + defaultChrf.wordOrder));
  for (const row of rows) for (let slot = 0; slot < sum.length; slot++) sum[slot] = (sum[slot] ?? 0) + (row[slot] ?? 0);
  return sum;
}
