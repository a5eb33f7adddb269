import * as vscode from 'vscode';
import { translatableFiles, translatableGlob } from '../core/document/translatable.ts';
import { readFolderSettings } from './settings.ts';

/** A folder of more files than this is named by typing: the first ones are offered. */
const mostFiles = 5000;

/** What is not written by hand. */
const exclude = '**/{node_modules,.git,.interlinear,.vscode,dist,out,build}/**';

/** Offers the files of the workspace that can be translated; undefined: the person went back, or there is none, which is said. */
export async function pickFile(): Promise<vscode.Uri | undefined> {
  const items = filesToTranslate();
  const title = vscode.l10n.t('Interlinear: Translate File');
  // an empty list would stay open
  const closing = new vscode.CancellationTokenSource();
  void items.then((found) => {
    if (found.length > 0) return;
    closing.cancel();
    void vscode.window.showInformationMessage(vscode.l10n.t('No file of this folder has a format that can be translated.'));
  }, () => undefined);
  const placeHolder = vscode.l10n.t('Which file? Type a part of its name');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }, closing.token);
  closing.dispose();
  return picked?.uri;
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

async function filesToTranslate(): Promise<readonly FileItem[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map(async (folder) => {
    const { targetLanguage: target, sourceLanguage: source, targetPaths: patterns } = readFolderSettings(folder.uri);
    const uris = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, translatableGlob()), exclude, mostFiles);
    const byPath = new Map(uris.map((uri) => [vscode.workspace.asRelativePath(uri, false), uri] as const));
    return translatableFiles([...byPath.keys()], { target, source, patterns }).flatMap((path): readonly FileItem[] => {
      const uri = byPath.get(path);
      return uri === undefined ? [] : [itemOf(uri, path, folders.length > 1 ? folder.name : '')];
    });
  }));
  return found.flat();
}

function itemOf(uri: vscode.Uri, path: string, folder: string): FileItem {
  const slash = path.lastIndexOf('/');
  const place = [folder, path.slice(0, Math.max(0, slash))].filter((part) => part !== '').join('/');
  return { label: path.slice(slash + 1), description: place, uri };
}
