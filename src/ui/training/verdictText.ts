import * as vscode from 'vscode';
import type { HumanVerdict } from '../../core/evaluation/blindSession.ts';

/** What people said of a new model, in a sentence. */
export function verdictText(verdict: HumanVerdict | undefined): string {
  if (verdict === undefined || verdict.judged === 0) return vscode.l10n.t('Human verdict: none yet');
  const { outcome, judged, changed } = verdict;
  if (outcome.kind === 'waiting') return vscode.l10n.t('Human verdict: none yet, {0} of {1} judged', judged, Math.min(changed, outcome.next));
  const { wins, losses, ties, rate, interval } = outcome.result;
  const percent = (share: number): string => (100 * share).toFixed(0);
  const figures = vscode.l10n.t('{0} % of {1} for the new model, {2} to {3} % ({4} won, {5} lost, {6} tied)', percent(rate), outcome.look, percent(interval.low), percent(interval.high), wins, losses, ties);
  switch (outcome.kind) {
    case 'better': return vscode.l10n.t('Human verdict: the new model is better, {0}', figures);
    case 'worse': return vscode.l10n.t('Human verdict: the new model is worse, {0}', figures);
    case 'undecided': return vscode.l10n.t('Human verdict: undecided, {0}', figures);
  }
}
