import type { Alignment, Link } from './aligner.ts';
import type { Matrix } from '../matrix.ts';

/** Dot products of two texts' subwords, and the words that these belong to. */
export interface SubwordSimilarity {
  /** Rows source subwords, columns target subwords, any real numbers. */
  readonly similarity: Matrix;
  /** Word of each source subword, ascending. */
  readonly sourceOwners: readonly number[];
  readonly targetOwners: readonly number[];
  readonly sourceWords: number;
  readonly targetWords: number;
}

/**
 * awesome-align's rule (Dou and Neubig 2021; neulab/awesome-align, run_align.py): a softmax over the target and one over the
 * source; words are linked where any of their subwords exceeds `threshold` both ways. Probabilities are its soft scores:
 * the harmonic mean of both softmaxes over S / √(subwords of that side), the greatest among a word pair's subwords, 0 to 1.
 * Cost: linear in the matrix.
 */
export function alignBySimilarity(given: SubwordSimilarity, threshold: number): Alignment {
  const { similarity, sourceOwners, targetOwners, sourceWords, targetWords } = given;
  const [there, back] = [softmaxRows(similarity, 1), softmaxColumns(similarity, 1)];
  const softThere = softmaxRows(similarity, 1 / Math.sqrt(similarity.cols));
  const softBack = softmaxColumns(similarity, 1 / Math.sqrt(similarity.rows));
  const data = new Float32Array(sourceWords * targetWords);
  const linked = new Uint8Array(data.length);
  similarity.data.forEach((_, cell) => {
    const [row, column] = [sourceOwners[Math.floor(cell / similarity.cols)] ?? 0, targetOwners[cell % similarity.cols] ?? 0];
    const word = row * targetWords + column;
    if ((there[cell] ?? 0) > threshold && (back[cell] ?? 0) > threshold) linked[word] = 1;
    const [one, other] = [softThere[cell] ?? 0, softBack[cell] ?? 0];
    data[word] = Math.max(data[word] ?? 0, (2 * one * other) / (one + other + 1e-9));
  });
  const links = [...linked].flatMap((set, word): Link[] => (set === 1 ? [{ source: Math.floor(word / targetWords), target: word % targetWords }] : []));
  return { probabilities: { rows: sourceWords, cols: targetWords, data }, links };
}

function softmaxRows({ rows, cols, data }: Matrix, scale: number): Float64Array {
  const found = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) softmax(data, found, { from: row * cols, step: 1, count: cols, scale });
  return found;
}

function softmaxColumns({ rows, cols, data }: Matrix, scale: number): Float64Array {
  const found = new Float64Array(data.length);
  for (let column = 0; column < cols; column++) softmax(data, found, { from: column, step: cols, count: rows, scale });
  return found;
}

interface Stripe {
  readonly from: number;
  readonly step: number;
  readonly count: number;
  readonly scale: number;
}

function softmax(values: Float32Array, into: Float64Array, { from, step, count, scale }: Stripe): void {
  let greatest = -Infinity;
  for (let at = 0; at < count; at++) greatest = Math.max(greatest, values[from + at * step] ?? 0);
  let sum = 0;
  for (let at = 0; at < count; at++) {
    const raised = Math.exp(((values[from + at * step] ?? 0) - greatest) * scale);
    into[from + at * step] = raised;
    sum += raised;
  }
  for (let at = 0; at < count; at++) into[from + at * step] = (into[from + at * step] ?? 0) / sum;
}
