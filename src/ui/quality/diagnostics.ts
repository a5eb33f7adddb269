import * as vscode from 'vscode';
import type { AppError } from '../../core/errors.ts';
import type { Place } from '../../core/document/place.ts';
import type { Severity } from '../../core/quality/check.ts';
import { findingSentence, sentenceFor } from '../../messages.ts';
import type { PlacedFinding } from '../../protocol/checking.ts';

export const diagnosticSource = 'Interlinear';

/** A hint of the editor would be three grey dots that the list of problems leaves out. */
const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, hint: vscode.DiagnosticSeverity.Information,
};

export function findingDiagnostic(finding: PlacedFinding, source: vscode.Uri): vscode.Diagnostic {
  const name = vscode.workspace.asRelativePath(source, false);
  const message = vscode.l10n.t('{0} (source: {1}, line {2})', findingSentence(finding), name, finding.sourceLine);
  const diagnostic = new vscode.Diagnostic(rangeOf(finding), message, severities[finding.severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = finding.check;
  const line = new vscode.Position(finding.sourceLine - 1, 0);
  diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(new vscode.Location(source, line), finding.source)];
  return diagnostic;
}

/** A file that cannot be checked: where it is broken, if it is this file and the place is known. */
export function errorDiagnostic(error: AppError, path: string): readonly vscode.Diagnostic[] {
  const { data } = error;
  if (!('line' in data && 'column' in data && 'path' in data) || data.path !== path) return [];
  const { line, column } = data;
  const at = positionOf({ line, column });
  const diagnostic = new vscode.Diagnostic(new vscode.Range(at, at), sentenceFor(error), vscode.DiagnosticSeverity.Error);
  diagnostic.source = diagnosticSource;
  diagnostic.code = error.code;
  return [diagnostic];
}

export function rangeOf(finding: PlacedFinding): vscode.Range {
  return new vscode.Range(positionOf(finding), positionOf(finding.end));
}

function positionOf({ line, column }: Place): vscode.Position {
  return new vscode.Position(line - 1, column - 1);
}
