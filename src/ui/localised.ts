import * as vscode from 'vscode';
import { sentenceIn, type Sentence } from '../protocol/said.ts';

/** The texts of a view in the language of the window; the bundle's keys are the English texts. */
export function localised(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const bundle = vscode.l10n.bundle ?? {};
  return Object.fromEntries(Object.entries(texts).map(([key, english]) => [key, bundle[english] ?? english]));
}

/** A sentence of the trainer in the language of the window; its patterns are keys of the bundle too. */
export function trainerSentence(sentence: Sentence): string {
  return sentenceIn(sentence, (pattern, values) => vscode.l10n.t(pattern, values));
}
