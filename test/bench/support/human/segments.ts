import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix } from '../../../../src/core/matrix.ts';

export const pairs = ['en-ja', 'en-zh', 'en-cs'] as const;
export type Pair = (typeof pairs)[number];

/** One candidate that people scored. */
export interface Judged {
  readonly text: string;
  /** Who wrote it: used to hold systems out, never as a feature. */
  readonly system: string;
  /** ESA 0 to 100, the mean of its own annotators. */
  readonly own: number;
  /** ESA 0 to 100, the mean over all candidates of the segment with this very text: a pick is a text. */
  readonly esa: number;
  /** An annotator marked something of the source as missing. */
  readonly omits: boolean;
}

export interface Segment {
  readonly pair: Pair;
  readonly document: string;
  readonly source: string;
  readonly candidates: readonly Judged[];
}

/** A segment with its features: rows candidates, columns features, standardised within the segment. */
export interface Described extends Segment {
  readonly features: Matrix;
  /** chrF-MBR of each candidate, the baseline. */
  readonly mbr: readonly number[];
}

interface Line {
  readonly doc_id: string;
  readonly source: string;
  readonly candidates: readonly {
    readonly system: string;
    readonly text: string;
    readonly esa?: readonly { readonly score: number; readonly spans: readonly (readonly unknown[])[] }[];
  }[];
}

/** Segments of WMT24's ESA data with their judged systems; the others stay out, as candidates and as references. */
export function readSegments(folder: string, pair: Pair): Segment[] {
  const lines = readFileSync(join(folder, `${pair}.jsonl`), 'utf8').trimEnd().split('\n');
  return lines.flatMap((text) => {
    const line = JSON.parse(text) as Line; // the data's licence note gives the shape
    const judged = line.candidates.flatMap(({ system, text: words, esa = [] }) => {
      if (esa.length === 0) return [];
      return [{ system, text: words, own: mean(esa.map(({ score }) => score)), omits: esa.some(({ spans }) => spans.some(([start]) => start === 'missing')) }];
    });
    const candidates = judged.map((one) => ({ ...one, esa: mean(judged.filter((other) => other.text === one.text).map(({ own }) => own)) }));
    return candidates.length === 0 ? [] : [{ pair, document: line.doc_id, source: line.source, candidates }];
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean ESA of the candidates whose score is the best, ties together: what a picker who tosses a coin among them gets. */
export function esaOfPick(segment: Segment, scores: readonly number[]): number {
  const best = Math.max(...scores);
  return mean(segment.candidates.filter((_, index) => (scores[index] ?? -Infinity) >= best - 1e-9).map(({ esa }) => esa));
}

/** ESA of the first candidate in file order that has the best score: how the published baselines were taken. */
export function esaOfFirst(segment: Segment, scores: readonly number[]): number {
  return segment.candidates[scores.indexOf(Math.max(...scores))]?.own ?? NaN;
}

/**
 * Share of pairs (candidate with an omission mark, candidate of the same segment without) in which the first scores lower;
 * a tie is half.
 */
export function omissionAuc(segments: readonly Segment[], scores: readonly (readonly number[])[]): { auc: number; pairs: number } {
  let won = 0;
  let total = 0;
  segments.forEach(({ candidates }, at) => {
    const of = (omits: boolean): number[] => candidates.flatMap((candidate, index) => (candidate.omits === omits ? [scores[at]?.[index] ?? NaN] : []));
    const whole = of(false);
    for (const broken of of(true)) {
      for (const other of whole) won += broken < other ? 1 : Number(broken === other) / 2;
      total += whole.length;
    }
  });
  return { auc: won / total, pairs: total };
}
