import type { Candidate, CandidateIssue } from '../candidate.ts';

/**
 * One candidate a text, in order of first appearance (decisions.md 16): counts are added, origins gathered when they
 * differ, and of everything else the first that has it counts. One that a limit cut off is whole all the same where another
 * sample ended there by itself. Texts are equal only if every code unit is.
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
  const { issues: _, ...rest } = { ...later, ...earlier };
  const issues = issuesOf(earlier, later);
  return {
    ...rest,
    ...(issues.length > 0 ? { issues } : {}),
    count: earlier.count + later.count,
    ...(origins.length > 1 ? { origins } : {}),
    scores: { ...later.scores, ...earlier.scores },
  };
}

function issuesOf(earlier: Candidate, later: Candidate): readonly CandidateIssue[] {
  const wasCut = [earlier, later].every(({ issues }) => issues?.some(({ kind }) => kind === 'truncated') === true);
  return (earlier.issues ?? later.issues ?? []).filter(({ kind }) => kind !== 'truncated' || wasCut);
}

function originsOf(candidate: Candidate): readonly string[] {
  return candidate.origins ?? [candidate.origin];
}
