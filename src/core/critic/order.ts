import type { Candidate } from '../candidate.ts';
import type { CriticFinding, CriticVerdict } from './critic.ts';

export interface JudgedCandidate extends Candidate {
  /** Absent where the critic was not asked. */
  readonly critic?: readonly CriticFinding[];
}

/**
 * Ranked candidates in the critic's order: what it judged stands before what it did not, by the share of principles
 * satisfied, ties in the order given; equal shares share a rank. `verdicts` by text. O(n log n).
 */
export function rankByCritic(ranked: readonly Candidate[], verdicts: ReadonlyMap<string, CriticVerdict>): readonly JudgedCandidate[] {
  const judged = ranked.flatMap((candidate) => {
    const verdict = verdicts.get(candidate.text);
    return verdict === undefined ? [] : [{ ...candidate, scores: { ...candidate.scores, critic: verdict.score }, critic: verdict.findings }];
  });
  judged.sort((a, b) => b.scores.critic - a.scores.critic);
  const rest = ranked.filter(({ text }) => !verdicts.has(text));
  const better = (score: number): number => judged.filter(({ scores }) => scores.critic > score).length;
  return [
    ...judged.map((candidate) => ({ ...candidate, rank: better(candidate.scores.critic) + 1 })),
    ...rest.map((candidate, index) => ({ ...candidate, rank: judged.length + index + 1 })),
  ];
}
