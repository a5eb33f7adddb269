import type { CandidateScores, RankingSettings } from '../../src/core/candidate.ts';
import { utilityNames } from '../../src/core/ranking/utilityNames.ts';

/** `COMET 0.81`, `chrF 0.54`: apart from each other, where a model has scored. */
export function utilityFacts({ mbr, chrf, quality }: CandidateScores, utility: RankingSettings['utility'] | undefined): readonly string[] {
  if (utility === 'cometkiwi' && quality !== undefined) return [`${utilityNames.cometkiwi} ${quality.toFixed(2)}`, ...(mbr === undefined ? [] : [`${utilityNames.chrf} ${mbr.toFixed(2)}`])];
  if (chrf === undefined) return [];
  const ranked = mbr === undefined || utility === undefined ? [] : [`${utilityNames[utility]} ${mbr.toFixed(2)}`];
  return [...ranked, `${utilityNames.chrf} ${chrf.toFixed(2)}`];
}
