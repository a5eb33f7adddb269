import { sha256Hex } from '../../../../src/core/hash.ts';
import type { Described, Judged } from './segments.ts';

/** Folds of documents and of systems; penalties that the inner loop chooses from. */
const documentFolds = 5;
const systemFolds = 3;
const penalties = [300, 3_000, 30_000, 300_000] as const;

/** Sums of a least-squares problem: XᵀX row-major and Xᵀy. They add up, so a fold is left out by not adding it. */
interface Normal {
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

export interface Target {
  /** What is predicted, before the segment's mean is taken off. */
  of(candidate: Judged): number;
  /** How good the inner loop's picks are: higher is better. */
  quality(segments: readonly Described[], scores: readonly (readonly number[])[]): number;
}

/**
 * Scores of every candidate by ridge regression on the features, nested: a candidate is scored by weights that saw neither
 * its document nor its system, with the penalty that did best on documents that those weights had not seen either. One set
 * of weights serves all language pairs; a document is in the same fold in all of them.
 */
export function crossValidated(segments: readonly Described[], target: Target): number[][] {
  const width = segments[0]?.features.cols ?? 0;
  const sums = new Map<string, Normal>();
  for (const segment of segments) for (let out = 0; out < systemFolds; out++) addSegment(sums, segment, { target, out });
  const weightsOf = (heldOut: readonly number[], system: number, penalty: number): Float64Array => {
    const kept = Array.from({ length: documentFolds }, (_, index) => index).filter((index) => !heldOut.includes(index));
    return solve(total(kept.flatMap((index) => sums.get(key(index, system)) ?? []), width), penalty);
  };
  const chosen = Array.from({ length: documentFolds }, (_, outer) => choosePenalty(segments, outer, { target, weightsOf }));
  const weights = chosen.map((penalty, outer) => Array.from({ length: systemFolds }, (_, system) => weightsOf([outer], system, penalty)));
  return segments.map((segment) => scoresOf(segment, weights[documentFold(segment)] ?? []));
}

interface Inner {
  readonly target: Target;
  readonly weightsOf: (heldOut: readonly number[], system: number, penalty: number) => Float64Array;
}

/** The penalty with the best picks on the other folds' documents, each scored by weights without it and without `outer`. */
function choosePenalty(segments: readonly Described[], outer: number, { target, weightsOf }: Inner): number {
  const seen = segments.filter((segment) => documentFold(segment) !== outer);
  const tried = penalties.map((penalty) => {
    const weights = Array.from({ length: documentFolds }, (_, inner) => Array.from({ length: systemFolds }, (__, system) => weightsOf([outer, inner], system, penalty)));
    return { penalty, quality: target.quality(seen, seen.map((segment) => scoresOf(segment, weights[documentFold(segment)] ?? []))) };
  });
  return tried.reduce((best, next) => (next.quality > best.quality ? next : best)).penalty;
}

function scoresOf(segment: Described, weights: readonly Float64Array[]): number[] {
  const { data, cols } = segment.features;
  return segment.candidates.map(({ system }, row) => (weights[systemFold(system)] ?? new Float64Array(0)).reduce((sum, weight, column) => sum + weight * (data[row * cols + column] ?? 0), 0));
}

/** Adds what a segment teaches when the systems of fold `out` are left out; target and features are centred on the rest. */
function addSegment(sums: Map<string, Normal>, segment: Described, { target, out }: { readonly target: Target; readonly out: number }): void {
  const { data, cols } = segment.features;
  const rows = segment.candidates.flatMap((candidate, row) => (systemFold(candidate.system) === out ? [] : [{ y: target.of(candidate), x: data.subarray(row * cols, (row + 1) * cols) }]));
  if (rows.length < 2) return;
  const meanY = rows.reduce((sum, { y }) => sum + y, 0) / rows.length;
  const meanX = Float64Array.from({ length: cols }, (_, column) => rows.reduce((sum, { x }) => sum + (x[column] ?? 0), 0) / rows.length);
  const place = key(documentFold(segment), out);
  const normal = sums.get(place) ?? { xx: new Float64Array(cols * cols), xy: new Float64Array(cols) };
  sums.set(place, normal);
  for (const { y, x } of rows) {
    for (let i = 0; i < cols; i++) {
      const xi = (x[i] ?? 0) - (meanX[i] ?? 0);
      normal.xy[i] = (normal.xy[i] ?? 0) + xi * (y - meanY);
      for (let j = 0; j < cols; j++) normal.xx[i * cols + j] = (normal.xx[i * cols + j] ?? 0) + xi * ((x[j] ?? 0) - (meanX[j] ?? 0));
    }
  }
}

function total(parts: readonly Normal[], width: number): Normal {
  const sum = { xx: new Float64Array(width * width), xy: new Float64Array(width) };
  for (const { xx, xy } of parts) {
    xx.forEach((value, at) => { sum.xx[at] = (sum.xx[at] ?? 0) + value; });
    xy.forEach((value, at) => { sum.xy[at] = (sum.xy[at] ?? 0) + value; });
  }
  return sum;
}

/** (XᵀX + penalty·I)⁻¹ Xᵀy by elimination; the penalty keeps every pivot away from 0. */
function solve({ xx, xy }: Normal, penalty: number): Float64Array {
  const width = xy.length;
  const rows = Array.from({ length: width }, (_, i) => Float64Array.from({ length: width + 1 }, (__, j) => (j === width ? (xy[i] ?? 0) : (xx[i * width + j] ?? 0) + (i === j ? penalty : 0))));
  rows.forEach((pivot, at) => {
    const head = pivot[at] ?? 1;
    rows.forEach((row, other) => {
      if (other === at) return;
      const factor = (row[at] ?? 0) / head;
      pivot.forEach((value, column) => { row[column] = (row[column] ?? 0) - factor * value; });
    });
  });
  return Float64Array.from(rows, (row, at) => (row[width] ?? 0) / (row[at] ?? 1));
}

function documentFold({ document }: Described): number {
  return fold(document, documentFolds);
}

function systemFold(system: string): number {
  return fold(system, systemFolds);
}

function fold(name: string, folds: number): number {
  return Number.parseInt(sha256Hex(name).slice(0, 8), 16) % folds;
}

function key(place: number, system: number): string {
  return `${String(place)} ${String(system)}`;
}
