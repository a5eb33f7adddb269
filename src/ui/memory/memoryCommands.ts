import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors.ts';
import { parseLanguage, sourceLanguageOf } from '../../core/text/languages.ts';
import type { MemoryName } from '../../protocol/memory.ts';
import { chooseLanguage } from '../chooseTarget.ts';
import { registrar } from '../register.ts';
import type { Reviews } from '../reviews.ts';
import type { Services } from '../services.ts';
import { readFolderSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { ConcordanceView, concordanceViewId, type MemoryAbout } from './concordanceView.ts';

/** The commands of the translation memory; a test compares all with package.json. */
export function registerMemoryCommands(services: Services, reviews: Reviews): vscode.Disposable {
  const register = registrar(services.notifier);
  const view = new ConcordanceView({ services, reviews, about: () => aboutMemory(reviews) });
  return vscode.Disposable.from(
    register('importMemory', async () => {
      await importMemory(services);
      await view.refresh();
    }),
    register('exportMemory', () => exportMemory(services, reviews)),
    register('concordance', async (text) => {
      // a review in front knows what is selected in it, and comes back with that
      if (typeof text !== 'string' && reviews.current?.tab.isActive === true) reviews.command('concordance');
      else await view.show(typeof text === 'string' ? text : selectedText());
    }),
    vscode.window.registerWebviewViewProvider(concordanceViewId, view),
  );
}

async function importMemory(services: Services): Promise<void> {
  const folder = workspaceFolder();
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Import Translation Memory'), canSelectMany: true, defaultUri: folder.uri, filters: { TMX: ['tmx'] }, openLabel: vscode.l10n.t('Import'),
  });
  for (const { fsPath: file } of chosen ?? []) {
    const title = vscode.l10n.t('Importing {0}', basename(file));
    const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      let shown = 0;
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        const percent = Math.floor((100 * done) / Math.max(1, total));
        if (percent > shown) progress.report({ increment: percent - shown, message: `${String(percent)} %` });
        shown = Math.max(shown, percent);
      };
      return services.translationMemory.importTmx({ root: folder.uri.fsPath, file }, { signal: signalOf(token), onProgress });
    });
    const pairs = result.pairs.map(({ source, target, units }) => vscode.l10n.t('{0} units {1} > {2}', units, source, target)).join(', ');
    services.notifier.info(vscode.l10n.t('{0} imported: {1}; {2} left out because a language is missing.', basename(file), pairs, result.skipped));
  }
}

async function exportMemory(services: Services, reviews: Reviews): Promise<void> {
  const name = await nameOfMemory(reviews);
  if (name === undefined) return;
  const to = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Translation Memory'), defaultUri: vscode.Uri.file(join(name.root, `memory.${name.source}-${name.target}.tmx`)), filters: { TMX: ['tmx'] },
  });
  if (to === undefined) return;
  const title = vscode.l10n.t('Exporting the translation memory');
  const { units } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => services.translationMemory.exportTmx(
    { ...name, file: to.fsPath, version: services.version },
    { signal: signalOf(token), onProgress: ({ done }) => { progress.report({ message: String(done) }); } },
  ));
  services.notifier.info(vscode.l10n.t('{0} units written to {1}.', units, vscode.workspace.asRelativePath(to, false)));
}

/** The memory of the review at work, else of the folder's languages; what is not set is asked for. */
async function nameOfMemory(reviews: Reviews): Promise<MemoryName | undefined> {
  const { root, languages } = aboutMemory(reviews);
  if (languages !== undefined) return { root, ...languages };
  const target = await chooseLanguage();
  return target === undefined ? undefined : { root, ...languagesInto(target, workspaceFolder()) };
}

/** The same without a question. */
function aboutMemory(reviews: Reviews): MemoryAbout {
  const about = reviews.current?.about;
  if (about !== undefined) return { root: about.folder.uri.fsPath, languages: { source: about.languages.source, target: about.languages.target } };
  const folder = workspaceFolder();
  const { targetLanguage } = readFolderSettings(folder.uri);
  return { root: folder.uri.fsPath, ...(targetLanguage !== undefined && { languages: languagesInto(targetLanguage, folder) }) };
}

function languagesInto(target: string, folder: vscode.WorkspaceFolder): Pick<MemoryName, 'source' | 'target'> {
  return { source: sourceLanguageOf(activePath(), target, readFolderSettings(folder.uri).sourceLanguage), target: parseLanguage(target).tag };
}

function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? '' : editor.document.getText(editor.selection);
}

/** Relative to its folder; empty: no file of this workspace is looked at. */
function activePath(): string {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri !== undefined && vscode.workspace.getWorkspaceFolder(uri) !== undefined ? vscode.workspace.asRelativePath(uri, false) : '';
}

function workspaceFolder(): vscode.WorkspaceFolder {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = (active === undefined ? undefined : vscode.workspace.getWorkspaceFolder(active)) ?? vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new AppError('workspace.none', { what: vscode.l10n.t('A translation memory') });
  return folder;
}
