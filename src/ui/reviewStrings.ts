import * as vscode from 'vscode';
import { reviewStrings } from '../protocol/reviewStrings.ts';

/** The texts of the review view in the language of the window; the bundle's keys are the English texts. */
export function localisedReviewStrings(): Readonly<Record<string, string>> {
  const bundle = vscode.l10n.bundle ?? {};
  return Object.fromEntries(Object.entries(reviewStrings).map(([key, english]) => [key, bundle[english] ?? english]));
}
