import * as vscode from 'vscode';
import type { SegmentPlaces } from '../../app/quality/segmentPlaces.ts';
import type { Severity } from '../../core/quality/check.ts';
import type { FindingView } from '../../protocol/review.ts';
import { diagnosticSource } from './diagnostics.ts';

const severities: Readonly<Record<vscode.DiagnosticSeverity, Severity>> = {
  [vscode.DiagnosticSeverity.Error]: 'error', [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: 'hint', [vscode.DiagnosticSeverity.Hint]: 'hint',
};

/** What other extensions say of the translations in a file (spelling, textlint), by segment. */
export function foreignFindings(target: vscode.Uri, places: SegmentPlaces): ReadonlyMap<string, readonly FindingView[]> {
  const found = new Map<string, readonly FindingView[]>();
  for (const diagnostic of vscode.languages.getDiagnostics(target)) {
    if (diagnostic.source === diagnosticSource) continue;
    const finding = viewOf(diagnostic);
    for (const segment of places.touchedBy(spanOf(diagnostic.range))) found.set(segment, [...(found.get(segment) ?? []), finding]);
  }
  return found;
}

function viewOf({ severity, message, code, source }: vscode.Diagnostic): FindingView {
  const detail = typeof code === 'object' ? String(code.value) : String(code ?? '');
  return { severity: severities[severity], message, detail, source: source ?? vscode.l10n.t('another extension') };
}

function spanOf({ start, end }: vscode.Range): Parameters<SegmentPlaces['touchedBy']>[0] {
  return { start: { line: start.line + 1, column: start.character + 1 }, end: { line: end.line + 1, column: end.character + 1 } };
}
