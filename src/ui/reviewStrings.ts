import * as vscode from 'vscode';

/** Localised texts of the review view; what is left out is shown in English. */
export function reviewStrings(): Readonly<Record<string, string>> {
  return vscode.l10n.bundle ?? {};
}
