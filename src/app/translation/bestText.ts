import type { Candidate } from '../../core/candidate.ts';

/** The text to write when nobody chooses: the best ranked candidate that is not broken, if there is one. */
export function bestText(candidates: readonly Candidate[]): string | undefined {
  const [first] = candidates.filter((candidate) => candidate.issues === undefined);
  return first?.text;
}
