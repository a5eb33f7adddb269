import type { Candidate, CandidateIssue } from '../candidate.ts';

/**
 * Candidates by a quality estimate, best first, equal ones sharing the better rank; those with issues rank below all others.
 * A candidate that the model gave no number for is marked as not scored. `scores` has one entry a candidate.
 */
export function rankByQuality(candidates: readonly Candidate[], scores: ArrayLike<number>): Candidate[] {
  const scored = candidates.map((candidate, index) => withQuality(candidate, scores[index] ?? NaN));
  const sorted = [...scored].sort((a, b) => Number(isSound(b)) - Number(isSound(a)) || qualityOf(b) - qualityOf(a));
  let rank = 1;
  return sorted.map((candidate, index) => {
    const leader = sorted[rank - 1] ?? candidate;
    if (isSound(candidate) !== isSound(leader) || qualityOf(candidate) !== qualityOf(leader)) rank = index + 1;
    return { ...candidate, rank };
  });
}

function withQuality({ scores: { quality: _before, ...scores }, ...candidate }: Candidate, quality: number): Candidate {
  if (Number.isFinite(quality)) return { ...candidate, scores: { ...scores, quality } };
  const issue: CandidateIssue = { kind: 'notScored', detail: 'the model gave no number' };
  return { ...candidate, scores, issues: [...(candidate.issues ?? []), issue] };
}

function isSound({ issues = [] }: Candidate): boolean {
  return issues.length === 0;
}

function qualityOf({ scores }: Candidate): number {
  return scores.quality ?? -Infinity;
}
