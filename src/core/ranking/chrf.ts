import { checkChrfOptions, defaultChrf } from './chrfOptions.ts';
import type { ChrfOptions } from './chrfOptions.ts';
import { prepareChrfText } from './chrfText.ts';
import type { ChrfText } from './chrfText.ts';

/**
 * n-gram statistics of one segment: for each order, characters first and then words, three numbers: n-grams of the
 * hypothesis (0 where the reference has none of that order), of the reference, and matches clipped by the reference.
 */
export type ChrfStatistics = Float64Array;

const floor = 1e-16;

/**
 * chrF of one hypothesis, 0 to 100, exactly as sacrebleu 2.6 (Popović 2015, eq. 1; averaging as in sacrebleu's chrf.py).
 * Against several references the best counts; against none the score is 0. Cost: linear in the texts' lengths times the orders.
 * @throws AppError `ranking.badSettings`
 */
export function sentenceChrf(hypothesis: string, references: readonly string[], options = defaultChrf): number {
  return chrfOfStatistics(chrfStatistics(hypothesis, references, options), options);
}

/** chrF of a corpus, 0 to 100: the segments' statistics are summed before F. `references[k]` belong to `hypotheses[k]`. */
export function corpusChrf(hypotheses: readonly string[], references: readonly (readonly string[])[], options = defaultChrf): number {
  const total = new Float64Array(3 * (options.charOrder + options.wordOrder));
  hypotheses.forEach((hypothesis, segment) => {
    const statistics = chrfStatistics(hypothesis, references[segment] ?? [], options);
    statistics.forEach((value, slot) => {
      total[slot] = (total[slot] ?? 0) + value;
    });
  });
  return chrfOfStatistics(total, options);
}

/** Statistics against the reference with the best F; the first of equals. */
export function chrfStatistics(hypothesis: string, references: readonly string[], options: ChrfOptions): ChrfStatistics {
  checkChrfOptions(options);
  const ours = countsOf(prepareChrfText(hypothesis, options), options);
  let best: ChrfStatistics = new Float64Array(3 * ours.length);
  let bestScore = -1;
  for (const reference of references) {
    const statistics = matchStatistics(ours, countsOf(prepareChrfText(reference, options), options));
    const score = chrfOfStatistics(statistics, options);
    if (score > bestScore) [best, bestScore] = [statistics, score];
  }
  return best;
}

/** F of statistics, 0 to 100. Precision and recall are averaged over the orders that both sides have, then one F. */
export function chrfOfStatistics(statistics: ChrfStatistics, options: ChrfOptions): number {
  const orders = statistics.length / 3;
  let precision = 0;
  let recall = 0;
  let effective = 0;
  let smoothed = 0;
  for (let order = 0; order < orders; order++) {
    const [hypothesis = 0, reference = 0, matches = 0] = statistics.subarray(3 * order, 3 * order + 3);
    const p = hypothesis > 0 ? matches / hypothesis : floor;
    const r = reference > 0 ? matches / reference : floor;
    smoothed += smoothedF(p, r, options.beta);
    if (hypothesis === 0 || reference === 0) continue;
    precision += p;
    recall += r;
    effective++;
  }
  if (options.epsSmoothing) return (100 * smoothed) / orders;
  return effective === 0 ? 0 : 100 * fScore(precision / effective, recall / effective, options.beta);
}

/** F_β of precision and recall, 0 to 1; 0 where both are 0. */
export function fScore(precision: number, recall: number, beta: number): number {
  const weight = beta * beta;
  return precision + recall > 0 ? ((1 + weight) * precision * recall) / (weight * precision + recall) : 0;
}

/** F_β with the floor of Moses and NLTK, for one order. */
export function smoothedF(precision: number, recall: number, beta: number): number {
  const weight = beta * beta;
  const denominator = weight * precision + recall;
  return denominator > 0 ? ((1 + weight) * precision * recall) / denominator : floor;
}

type Counts = ReadonlyMap<string, number>;

/** n-gram counts, one map an order: characters first, then words. */
function countsOf(text: ChrfText, options: ChrfOptions): Counts[] {
  const characters = Array.from(text.codePoints, (point) => String.fromCodePoint(point));
  const counts: Counts[] = [];
  for (let order = 1; order <= options.charOrder; order++) counts.push(countNgrams(characters, order, ''));
  for (let order = 1; order <= options.wordOrder; order++) counts.push(countNgrams(text.words, order, ' '));
  return counts;
}

function countNgrams(units: readonly string[], order: number, separator: string): Counts {
  const counts = new Map<string, number>();
  for (let at = 0; at + order <= units.length; at++) {
    const ngram = units.slice(at, at + order).join(separator);
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

function matchStatistics(hypothesis: readonly Counts[], reference: readonly Counts[]): ChrfStatistics {
  const statistics = new Float64Array(3 * hypothesis.length);
  hypothesis.forEach((ours, order) => {
    const theirs = reference[order] ?? new Map<string, number>();
    let total = 0;
    let matches = 0;
    for (const [ngram, count] of ours) {
      total += count;
      matches += Math.min(count, theirs.get(ngram) ?? 0);
    }
    let expected = 0;
    for (const count of theirs.values()) expected += count;
    statistics.set([theirs.size > 0 ? total : 0, expected, matches], 3 * order);
  });
  return statistics;
}
