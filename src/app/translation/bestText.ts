import type { Candidate } from '../../core/candidate.ts';

/** The text to write when nobody chooses: the best ranked candidate that is not broken, if there is one. */
export function bestText(candidates: readonly Candidate[]): string | undefined {
  return candidates.find((candidate) => (candidate.issues ?? []).length === 0)?.text;
}
