/** Pair accuracy (decisions.md 30). Pure. */
import { bootstrapInterval, bySource, type BootstrapOptions, type Interval } from './interval.ts';

/** Mean log P a token of both texts of a held-out pair, under one model. */
export interface ScoredPair {
  readonly source: string;
  readonly chosen: number;
  readonly rejected: number;
}

/** Share of pairs where chosen is likelier, ties half. Undefined without pairs. */
export function pairAccuracy(pairs: readonly ScoredPair[]): number | undefined {
  if (pairs.length === 0) return undefined;
  return pairs.reduce((sum, pair) => sum + credit(pair), 0) / pairs.length;
}

/** The same pairs under two models, in the same order. */
export interface AccuracyChange {
  readonly before: number;
  readonly after: number;
  /** after - before, in shares of 1. */
  readonly change: number;
  readonly interval: Interval;
  readonly pairs: number;
  readonly sources: number;
}

/** Gain of one model over another with a paired bootstrap by source. Undefined without pairs. */
export function accuracyChange(before: readonly ScoredPair[], after: readonly ScoredPair[], options: BootstrapOptions = {}): AccuracyChange | undefined {
  const rows = before.flatMap((pair, index) => {
    const other = after[index];
    return other === undefined ? [] : [{ source: pair.source, before: credit(pair), after: credit(other) }];
  });
  const groups = bySource(rows);
  const mean = (drawn: readonly (typeof rows)[], of: (row: (typeof rows)[number]) => number): number => {
    const all = drawn.flat();
    return all.reduce((sum, row) => sum + of(row), 0) / all.length;
  };
  const interval = bootstrapInterval(groups, (drawn) => mean(drawn.map((group) => [...group]), (row) => row.after - row.before), options);
  if (interval === undefined) return undefined;
  const share = (of: (row: (typeof rows)[number]) => number): number => mean([rows], of);
  return {
    before: share((row) => row.before), after: share((row) => row.after), change: share((row) => row.after - row.before),
    interval, pairs: rows.length, sources: groups.length,
  };
}

function credit({ chosen, rejected }: ScoredPair): number {
  if (chosen === rejected) return 0.5;
  return chosen > rejected ? 1 : 0;
}
