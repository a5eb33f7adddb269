import * as vscode from 'vscode';

/** The file in front. A window that has just opened knows its tabs before its editors, and some files have no text editor. */
export function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const tab = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return vscode.window.activeTextEditor?.document.uri ?? tab;
}
