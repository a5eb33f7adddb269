import type { Candidate, RankingSettings } from '../candidate.ts';
import type { Matrix } from '../matrix.ts';
import { rankCandidates } from './rankCandidates.ts';

interface ChrfRanking {
  /** chrF of the candidates, in their order, 0 to 1. */
  readonly matrix: Matrix;
  readonly settings: RankingSettings;
}

/**
 * S_MBR by chrF as `scores.chrf` beside a ranking by a model, with the same weights; without `by` candidates lose what an
 * earlier ranking left there. The order stays. Cost: N².
 */
export function withChrf(candidates: readonly Candidate[], by: ChrfRanking | undefined): Candidate[] {
  const found = new Map(by === undefined ? [] : chrfScores(candidates, by));
  return candidates.map((candidate) => {
    const { chrf: _, ...scores } = candidate.scores;
    const chrf = found.get(candidate.text);
    return { ...candidate, scores: chrf === undefined ? scores : { ...scores, chrf } };
  });
}

/** Whether a model of the user's gives the order. */
export function usesModel({ utility }: RankingSettings): boolean {
  return utility !== 'chrf' && utility !== 'chrf++';
}

/** The same by chrF, for as long as a model has not scored, and for what quality estimates do not tell. */
export function byChrf({ model: _, ...settings }: RankingSettings): RankingSettings {
  return { ...settings, utility: 'chrf' };
}

/** A ranking by chrF that stands in for a model's until that is there: its scores are chrF's and are named so. */
export function asInterim(candidates: readonly Candidate[]): Candidate[] {
  return candidates.map((candidate) => {
    const { mbr, hybrid: _, ...scores } = candidate.scores;
    return { ...candidate, scores: mbr === undefined ? scores : { ...scores, chrf: mbr } };
  });
}

function chrfScores(candidates: readonly Candidate[], { matrix, settings }: ChrfRanking): readonly (readonly [string, number])[] {
  const ranked = rankCandidates(candidates, { utilityMatrix: matrix, settings: { ...settings, utility: 'chrf', lambda: 0 } });
  return ranked.flatMap(({ text, scores: { mbr } }) => (mbr === undefined ? [] : [[text, mbr] as const]));
}
