import * as vscode from 'vscode';
import type { FileHolder } from '../app/documents/sharedTargetFile.ts';
import { AppError } from '../core/errors.ts';
import type { TextRange } from '../core/document/segment.ts';
import type { EditorEdit } from '../protocol/documents.ts';

/** A file as the editor has it: what the thread that works on the file asks of the editor. */
export class EditorFile implements FileHolder {
  readonly #uri: vscode.Uri;
  readonly #label: string;
  /** What a save of ours left unsaved: nobody else has changed the file then, so the next save is ours again. */
  #owed: string | undefined;

  constructor(uri: vscode.Uri) {
    this.#uri = uri;
    this.#label = vscode.workspace.asRelativePath(uri, false);
  }

  held(): Promise<{ readonly open: boolean; readonly unsaved?: string }> {
    const key = this.#uri.toString();
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === key);
    return Promise.resolve({ open: document !== undefined, ...(document?.isDirty === true && { unsaved: document.getText() }) });
  }

  async edit({ before, range, text }: EditorEdit): Promise<'saved' | 'unsaved'> {
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await this.#settle(document, before);
    const wasDirty = document.isDirty && document.getText() !== this.#owed;
    if (text !== '' || range.end > range.start) await this.#apply(rangeOf(document, range), text);
    if (wasDirty) return 'unsaved';
    this.#owed = document.getText();
    if (!(await document.save())) throw new AppError('store.unwritable', { path: this.#label, reason: vscode.l10n.t('the editor could not save it') });
    this.#owed = undefined;
    return 'saved';
  }

  async #apply(range: vscode.Range, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.#uri, range, text);
    if (!(await vscode.workspace.applyEdit(edit))) throw new AppError('document.changed', { path: this.#label });
  }

  /** The editor may still show the text from before a change on disk: wait for it, but never write over another text. */
  async #settle(document: vscode.TextDocument, before: string): Promise<void> {
    for (let attempt = 0; document.getText() !== before; attempt++) {
      if (attempt === 20 || document.isDirty) throw new AppError('document.changed', { path: this.#label });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function rangeOf(document: vscode.TextDocument, range: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
}
