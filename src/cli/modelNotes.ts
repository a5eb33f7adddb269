import type { AlignerListener } from '../app/alignment/aligners.ts';
import { isNonCommercial } from '../core/ranking/licence.ts';
import type { LongTexts } from '../protocol/engine.ts';
import type { CommandContext } from './command.ts';

/** Says which model is used and what its licence allows, and what was not read at once. */
export function modelNotes(context: Pick<CommandContext, 'note'>): Required<AlignerListener> {
  return {
    onLoaded: ({ name, revision, licence, providerNote }) => {
      context.note(`${name} ${revision}, licence ${licence}${isNonCommercial(licence) ? ': not for commercial use' : ''}`);
      if (providerNote !== undefined) context.note(`${name} runs on the CPU: ${providerNote}`);
    },
    onWindowed: (texts) => { context.note(longNote(texts, 'windows')); },
  };
}

export function longNote(texts: number, long: LongTexts): string {
  const what = long === 'cut' ? 'cut' : 'read in windows';
  return texts === 1 ? `1 text has more tokens than the model reads at once and was ${what}` : `${String(texts)} texts have more tokens than the model reads at once and were ${what}`;
}
