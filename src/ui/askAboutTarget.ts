import * as vscode from 'vscode';
import type { ForeignTarget } from '../protocol/documents.ts';

/** The target file holds what Interlinear did not write. */
export async function askAboutTarget(path: string): Promise<ForeignTarget> {
  const merge = vscode.l10n.t('Merge by Segment');
  const overwrite = vscode.l10n.t('Overwrite');
  const message = vscode.l10n.t('{0} already has other content.', path);
  const detail = vscode.l10n.t('Merge keeps its translations and shows them for review. Overwrite starts from the source text again.');
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, merge, overwrite);
  if (choice === merge) return 'merge';
  return choice === overwrite ? 'overwrite' : 'cancel';
}
