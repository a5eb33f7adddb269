import type { AlignerListener } from '../app/alignment/aligners.ts';
import { isNonCommercial } from '../core/ranking/licence.ts';
import type { CommandContext } from './command.ts';

/** Says which model is used and what its licence allows, and what was not read at once. */
export function modelNotes(context: Pick<CommandContext, 'note'>): AlignerListener {
  return {
    onLoaded: ({ name, revision, licence }) => { context.note(`${name} ${revision}, licence ${licence}${isNonCommercial(licence) ? ': not for commercial use' : ''}`); },
    onWindowed: (texts) => { context.note(`${String(texts)} texts have more tokens than the model reads at once and were read in windows`); },
  };
}
