/** Change of corpus chrF between two models on the same references, with a paired bootstrap by source. Pure. */
import { chrfOfStatistics, chrfStatistics, type ChrfStatistics } from '../ranking/chrf.ts';
import { defaultChrf } from '../ranking/chrfOptions.ts';
import { bootstrapInterval, type BootstrapOptions, type Interval } from './interval.ts';

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
  readonly n: number;
}

/** Koehn 2004, section 3, paired. Cost: n-grams once, then resamples times n sums. Undefined without outputs. */
export function chrfChange(outputs: readonly ComparedOutput[], options: BootstrapOptions = {}): ChrfChange | undefined {
  const statistics = outputs.map(({ reference, before, after }) => ({
    before: chrfStatistics(before, [reference], defaultChrf), after: chrfStatistics(after, [reference], defaultChrf),
  }));
  const score = (drawn: typeof statistics, side: 'before' | 'after'): number => corpus(drawn.map((row) => row[side]));
  const interval = bootstrapInterval(statistics, (drawn) => score([...drawn], 'after') - score([...drawn], 'before'), options);
  if (interval === undefined) return undefined;
  const [before, after] = [score(statistics, 'before'), score(statistics, 'after')];
  return { before, after, change: after - before, interval, n: outputs.length };
}

function corpus(rows: readonly ChrfStatistics[]): number {
  const total = new Float64Array(3 * (defaultChrf.charOrder + defaultChrf.wordOrder));
  for (const row of rows) for (let slot = 0; slot < total.length; slot++) total[slot] = (total[slot] ?? 0) + (row[slot] ?? 0);
  return chrfOfStatistics(total, defaultChrf);
}
