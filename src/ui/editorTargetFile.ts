import * as vscode from 'vscode';
import type { TargetFile, WriteOutcome } from '../app/targetFile.ts';
import { BytesTargetFile } from '../app/bytesTargetFile.ts';
import { AppError } from '../core/errors.ts';
import { decodeBytes, workspaceEditSafety, type TextEncodingInfo } from '../core/document/encoding.ts';
import { spliceText } from '../core/document/target.ts';
import type { TextRange } from '../core/document/segment.ts';
import type { FileSystem } from '../store/fileSystem.ts';

/**
 * The target file through the editor: a WorkspaceEdit where that keeps every byte, so that undo works, and a splice of the
 * bytes on disk otherwise (decisions.md 7). A file with unsaved changes is edited in its buffer and left for its owner to save.
 */
export class EditorTargetFile implements TargetFile {
  readonly path: string;
  readonly #uri: vscode.Uri;
  readonly #bytes: BytesTargetFile;
  readonly #fs: FileSystem;

  constructor(uri: vscode.Uri, fs: FileSystem, as: { readonly label: string; readonly encoding: TextEncodingInfo }) {
    this.#uri = uri;
    this.#fs = fs;
    this.path = as.label;
    this.#bytes = new BytesTargetFile(uri.fsPath, fs, as.label, as.encoding);
  }

  async read(): Promise<string | undefined> {
    const open = this.#openDocument();
    if (open?.isDirty === true) return open.getText();
    return this.#bytes.read();
  }

  create(text: string): Promise<WriteOutcome> {
    return this.#bytes.create(text);
  }

  async restore(text: string): Promise<void> {
    if (this.#openDocument()?.isDirty === true) throw new AppError('document.dirty', { path: this.path });
    await this.#bytes.restore(text);
  }

  async replace(before: string, range: TextRange, text: string): Promise<WriteOutcome> {
    if (!(await this.#safeForEditor())) {
      if (this.#openDocument()?.isDirty === true) throw new AppError('document.dirty', { path: this.path });
      return this.#bytes.replace(before, range, text);
    }
    const document = await vscode.workspace.openTextDocument(this.#uri);
    await this.#settle(document, before);
    const wasDirty = document.isDirty;
    const edit = new vscode.WorkspaceEdit();
    edit.replace(this.#uri, rangeOf(document, range), text);
    if (!(await vscode.workspace.applyEdit(edit))) throw new AppError('document.changed', { path: this.path });
    if (wasDirty) return { kind: 'unsaved' };
    return this.#save(document, spliceText(before, range, text));
  }

  /** The editor may still show the text from before a change on disk: wait for it, but never write over another text. */
  async #settle(document: vscode.TextDocument, before: string): Promise<void> {
    for (let attempt = 0; document.getText() !== before; attempt++) {
      if (attempt === 20 || document.isDirty) throw new AppError('document.changed', { path: this.path });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #save(document: vscode.TextDocument, expected: string): Promise<WriteOutcome> {
    if (!(await document.save())) throw new AppError('store.unwritable', { path: this.path, reason: 'save failed' });
    const actual = (await this.#bytes.read()) ?? '';
    return actual === expected ? { kind: 'written' } : { kind: 'altered', expected, actual };
  }

  async #safeForEditor(): Promise<boolean> {
    const bytes = await this.#fs.read(this.#uri.fsPath);
    if (bytes === undefined) return false;
    const decoded = decodeBytes(bytes, this.path);
    return decoded.encoding.label === 'utf-8' && workspaceEditSafety(bytes, decoded).safe;
  }

  #openDocument(): vscode.TextDocument | undefined {
    const key = this.#uri.toString();
    return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  }
}

function rangeOf(document: vscode.TextDocument, range: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
}
