import * as vscode from 'vscode';
import type { FolderGlossaries } from './glossary/folderGlossaries.ts';
import type { ReviewTarget } from './review.ts';

/** What is done about a change, some time after the last one of its kind. */
export interface ReviewChanges {
  target(): Promise<void>;
  source(): Promise<void>;
  /** The settings of the ranking. */
  ranking(): Promise<void>;
  /** The folder's glossary. */
  terms(): Promise<void>;
}

/** Follows the files of a review, on disk and in editors, and the settings that what is shown was made with. */
export function watchReview(about: ReviewTarget, glossaries: FolderGlossaries, changes: ReviewChanges): vscode.Disposable {
  const refresh = debounced(200, () => changes.target());
  const reopen = debounced(300, () => changes.source());
  const rerank = debounced(200, () => changes.ranking());
  const reterm = debounced(200, () => changes.terms());
  const isTarget = (uri: vscode.Uri): boolean => uri.toString() === about.target.toString();
  const route = (uri: vscode.Uri): void => {
    if (isTarget(uri)) refresh();
    if (uri.toString() === about.source.toString()) reopen();
  };
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(about.folder, '**/*'));
  return vscode.Disposable.from(
    watcher, watcher.onDidChange(route), watcher.onDidCreate(route), watcher.onDidDelete(route),
    glossaries.onChanged((folder) => { if (folder.uri.toString() === about.folder.uri.toString()) reterm(); }),
    vscode.workspace.onDidChangeTextDocument((event) => { if (isTarget(event.document.uri)) refresh(); }),
    vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('interlinear.ranking', about.source)) rerank(); }),
    vscode.workspace.onDidSaveTextDocument((document) => { route(document.uri); }),
  );
}

function debounced(ms: number, work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => { void work(); }, ms);
  };
}
