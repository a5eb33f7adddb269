/** Bootstrap intervals that respect sources: all that belongs to a source is drawn together. Pure. */
import { seededRandom } from './random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Two-sided level, 0.95 unless told. */
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * Percentile interval of a statistic over groups (Efron 1979): groups are drawn with replacement. For a paired comparison a
 * group holds both systems' values. Cost: resamples times the statistic. Undefined without groups.
 */
export function bootstrapInterval<T>(groups: readonly T[], statistic: (drawn: readonly T[]) => number, options: BootstrapOptions = {}): Interval | undefined {
  const { level = 0.95, resamples = 1000, seed = 7 } = options;
  if (groups.length === 0) return undefined;
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: resamples }, () => statistic(draw(groups, random))).sort();
  const tail = (1 - level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}

function draw<T>(groups: readonly T[], random: () => number): readonly T[] {
  const drawn: T[] = [];
  for (let count = 0; count < groups.length; count++) {
    const group = groups[Math.floor(random() * groups.length)];
    if (group !== undefined) drawn.push(group);
  }
  return drawn;
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Values by source, in order of first appearance: the groups of a bootstrap. */
export function bySource<T extends { readonly source: string }>(rows: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.source);
    if (group === undefined) groups.set(row.source, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
