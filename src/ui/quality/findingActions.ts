import * as vscode from 'vscode';
import type { PlacedFinding } from '../../protocol/checking.ts';
import { findingSentence } from '../../messages.ts';
import { diagnosticSource, rangeOf } from './diagnostics.ts';
import type { FileChecks } from './fileChecks.ts';

/** What can be done about a finding in the text editor: mend it, dismiss it with a reason, look at it in the review. */
export class FindingActions implements vscode.CodeActionProvider {
  readonly #checks: FileChecks;

  constructor(checks: FileChecks) {
    this.#checks = checks;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
    const findings = this.#checks.findingsAt(document.uri, range);
    return diagnostics.filter(({ source }) => source === diagnosticSource).flatMap((diagnostic) => {
      const finding = findings.find((known) => known.check === diagnostic.code && rangeOf(known).isEqual(diagnostic.range));
      return finding === undefined ? [] : actionsFor(document, finding, diagnostic);
    });
  }
}

function actionsFor(document: vscode.TextDocument, finding: PlacedFinding, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const { segment, check, detail } = finding;
  const uri = document.uri.toString();
  const dismiss = action(vscode.l10n.t('Dismiss with a reason: {0}', findingSentence(finding)), diagnostic);
  dismiss.command = { command: 'interlinear.dismissFinding', title: dismiss.title, arguments: [{ uri, segment, check, detail }] };
  const open = action(vscode.l10n.t('Open in the review'), diagnostic);
  open.command = { command: 'interlinear.openInReview', title: open.title, arguments: [{ uri, segment }] };
  return [...mending(document, finding, diagnostic), dismiss, open];
}

/** Nothing where the text has changed since it was checked. */
function mending(document: vscode.TextDocument, { edit }: PlacedFinding, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  if (edit === undefined) return [];
  const range = new vscode.Range(document.positionAt(edit.range.start), document.positionAt(edit.range.end));
  if (document.getText(range) !== edit.before) return [];
  const mend = action(vscode.l10n.t('Mend: {0}', edit.text), diagnostic);
  mend.edit = new vscode.WorkspaceEdit();
  mend.edit.replace(document.uri, range, edit.text);
  mend.isPreferred = true;
  return [mend];
}

function action(title: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.diagnostics = [diagnostic];
  return made;
}
