import * as vscode from 'vscode';

/** The texts of a view in the language of the window; the bundle's keys are the English texts. */
export function localised(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const bundle = vscode.l10n.bundle ?? {};
  return Object.fromEntries(Object.entries(texts).map(([key, english]) => [key, bundle[english] ?? english]));
}
