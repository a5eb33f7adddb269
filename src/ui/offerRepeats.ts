import * as vscode from 'vscode';
import type { Offer } from '../app/review/propagation.ts';
import type { ReviewSession } from '../app/review/reviewSession.ts';
import type { Notifier } from './notifier.ts';

/** Shows what a segment's text could fill, all of it chosen, and fills what the person leaves chosen. */
export async function offerRepeats(session: ReviewSession, segment: string, notifier: Notifier): Promise<void> {
  const { number, accepted, filled } = session.view(segment);
  if (accepted === undefined || filled !== undefined) {
    notifier.info(vscode.l10n.t('Segment {0} has no accepted translation yet.', number));
    return;
  }
  const offers = await session.offers(segment);
  if (offers.length === 0) {
    notifier.info(vscode.l10n.t('Segment {0} has no repeat that is not decided.', number));
    return;
  }
  const chosen = await vscode.window.showQuickPick(offers.map(itemOf), {
    canPickMany: true,
    matchOnDetail: true,
    title: vscode.l10n.t('Fill Repeats of Segment {0}', number),
    placeHolder: vscode.l10n.t('Chosen segments are filled with the text shown and wait to be confirmed. One undo takes all of them back.'),
  });
  if (chosen !== undefined && chosen.length > 0) await session.fill(segment, chosen.map(({ offer }) => offer));
}

function itemOf(offer: Offer): vscode.QuickPickItem & { readonly offer: Offer } {
  return { label: `${String(offer.number)}  ${offer.source}`, description: why(offer), detail: offer.text, picked: true, offer };
}

function why({ score, numbersOnly }: Offer): string {
  if (score === 100) return vscode.l10n.t('the same source');
  return numbersOnly ? vscode.l10n.t('only numbers differ') : vscode.l10n.t('{0} % alike', score);
}
