/** What of a returned translation has no counterpart, as a page to read. */
import * as vscode from 'vscode';
import type { RevisionSummary } from '../../app/review/revisions.ts';
import { unalignedSentence } from '../../messages.ts';

export function unalignedPage(unaligned: RevisionSummary['unaligned']): string {
  const rows = unaligned.map(({ reason, place, text }) => `| ${cell(unalignedSentence(reason))} | ${cell(place)} | ${cell(text)} |`);
  return [`| ${vscode.l10n.t('Why')} | ${vscode.l10n.t('Where')} | ${vscode.l10n.t('Text')} |`, '|---|---|---|', ...rows].join('\n');
}

/** Texts of files are data: they must not become markup. */
function cell(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\\`*_[\]<>|#!&]/gu, '\\$&');
}
