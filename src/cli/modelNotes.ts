import type { AlignerListener } from '../app/alignment/aligners.ts';
import type { RankingModel } from '../app/ranking/outsideRanking.ts';
import { isNonCommercial } from '../core/ranking/licence.ts';
import type { LongTexts } from '../protocol/engine.ts';
import type { CommandContext } from './command.ts';

/** Says which model is used, what its licence allows, and why it runs elsewhere than was asked for. */
export function noteModel({ name, revision, licence, providerNote }: RankingModel, context: Pick<CommandContext, 'note'>): void {
  context.note(`${name} ${revision}, licence ${licence}${isNonCommercial(licence) ? ': not for commercial use' : ''}`);
  if (providerNote !== undefined) context.note(`${name} runs on the CPU: ${providerNote}`);
}

/** Says which model is used and what its licence allows, and what was not read at once. */
export function modelNotes(context: Pick<CommandContext, 'note'>): Required<AlignerListener> {
  return {
    onLoaded: (model) => { noteModel(model, context); },
    onWindowed: (texts) => { context.note(longNote(texts, 'windows')); },
  };
}

export function longNote(texts: number, long: LongTexts): string {
  const what = long === 'cut' ? 'cut' : 'read in windows';
  return texts === 1 ? `1 text has more tokens than the model reads at once and was ${what}` : `${String(texts)} texts have more tokens than the model reads at once and were ${what}`;
}
