import * as fc from 'fast-check';
import type { Candidate, RankingSettings } from '../../../src/core/candidate.ts';

export const chrfSettings: RankingSettings = {
  utility: 'chrf',
  includeSelf: true,
  weights: 'count',
  lambda: 0,
  normalisation: 'zscore',
};

export function candidate(text: string, more: Partial<Candidate> = {}): Candidate {
  return { text, count: 1, origin: 'model', scores: {}, ...more };
}

/** Short texts over a small alphabet, so that n-grams repeat; with white space, a surrogate pair and an empty text now and then. */
export const text = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 'ab', ' ', '.', '雨', '😀', '\u0085'), { maxLength: 14 }).map((parts) => parts.join('')),
  fc.string({ maxLength: 12 }),
);

export const distinctTexts = fc.uniqueArray(text, { minLength: 2, maxLength: 8 });

export function mbrByText(candidates: readonly Candidate[]): Map<string, number> {
  return new Map(candidates.map(({ text: key, scores }) => [key, scores.mbr ?? Number.NaN]));
}

/** Largest difference of two maps with the same keys; infinite where the keys differ. */
export function maxDifference(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  if (a.size !== b.size) return Infinity;
  return Math.max(0, ...[...a].map(([key, value]) => Math.abs(value - (b.get(key) ?? Infinity))));
}
