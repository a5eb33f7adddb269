import type { CandidateSet } from '../../core/candidate.ts';
import { utilityNames } from '../../core/ranking/utilityNames.ts';

/** Model, utility, number of candidates and the style brief in a line: a number that is shown carries how it was made. */
export function signatureLine({ signature }: CandidateSet): string {
  const { ranking, sampling, adaptive, brief } = signature;
  const style = brief === undefined ? '' : ` · ${[brief.audience, brief.register, brief.genre, brief.notes].filter((part) => part !== undefined).join('; ')}`;
  const lambda = ranking.lambda === 0 ? '' : ` · λ=${ranking.lambda}`;
  const model = ranking.model === undefined ? '' : ` ${ranking.model.split('@')[0] ?? ''}`;
  return `${signature.adapter ?? signature.model} · ${utilityNames[ranking.utility]}${model} · N${adaptive === undefined ? '=' : '≤'}${sampling.n} · T=${sampling.temperature}${lambda}${style}`;
}
