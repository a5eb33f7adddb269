import type { Candidate } from '../candidate.ts';

/**
 * One candidate a text, in order of first appearance (decisions.md 16): counts are added, origins gathered when they
 * differ, and of everything else the first that has it counts. Texts are equal only if every code unit is.
 */
export function foldCandidates(candidates: readonly Candidate[]): Candidate[] {
  const folded = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const earlier = folded.get(candidate.text);
    folded.set(candidate.text, earlier === undefined ? candidate : foldInto(earlier, candidate));
  }
  return [...folded.values()];
}

function foldInto(earlier: Candidate, later: Candidate): Candidate {
  const origins = [...new Set([...originsOf(earlier), ...originsOf(later)])];
  return {
    ...later,
    ...earlier,
    count: earlier.count + later.count,
    ...(origins.length > 1 ? { origins } : {}),
    scores: { ...later.scores, ...earlier.scores },
  };
}

function originsOf(candidate: Candidate): readonly string[] {
  return candidate.origins ?? [candidate.origin];
}
