import * as vscode from 'vscode';

const lastKey = 'interlinear.lastDismissal';

/** Why a finding is none. Undefined: escaped. The last reason is offered again. */
export async function askReason(finding: string, memory: vscode.Memento): Promise<string | undefined> {
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t('Dismiss: {0}', finding),
    prompt: vscode.l10n.t('Why is it none? The reason is kept in your journal; undo takes it back.'),
    value: memory.get(lastKey, ''),
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A reason is needed.') : undefined),
  });
  if (reason === undefined || reason.trim() === '') return undefined;
  await memory.update(lastKey, reason.trim());
  return reason.trim();
}
