import * as vscode from 'vscode';

/** A formatter or a save participant changed other bytes: says so; true where ours are to be put back. */
export async function offerRestore(target: vscode.Uri): Promise<boolean> {
  const restore = vscode.l10n.t('Restore');
  const keep = vscode.l10n.t('Keep');
  const path = vscode.workspace.asRelativePath(target, false);
  return await vscode.window.showWarningMessage(vscode.l10n.t('Saving {0} changed other bytes as well: a formatter or a setting such as files.trimTrailingWhitespace is at work.', path), restore, keep) === restore;
}
