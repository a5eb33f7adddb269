import { relative } from 'node:path';
import * as vscode from 'vscode';
import { translationPair } from '../../app/quality/translationPair.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { readFolderSettings } from '../settings.ts';
import { fileIn, type FilePair } from './fileChecks.ts';

/** A translation, or the source of one, with its partner; only in folders whose target language is known. */
export async function filePairOf(fs: FileSystem, uri: vscode.Uri): Promise<FilePair | undefined> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) return undefined;
  const { targetLanguage, sourceLanguage, targetPaths, tableColumns: columns } = readFolderSettings(uri);
  if (targetLanguage === undefined) return undefined;
  const path = relative(folder.uri.fsPath, uri.fsPath).replaceAll('\\', '/');
  const question = { root: folder.uri.fsPath, path, target: targetLanguage, patterns: targetPaths, ...(sourceLanguage === undefined ? {} : { source: sourceLanguage }) };
  const found = await translationPair(fs, question);
  return found === undefined ? undefined : { source: fileIn(folder, found.source), target: fileIn(folder, found.target), folder, languages: { ...found.languages, ...(columns !== undefined && { columns }) } };
}
