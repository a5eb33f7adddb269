import { join } from 'node:path';
import * as vscode from 'vscode';
import { exportInThread } from '../app/documents/documentThread.ts';
import { droppedCount } from '../app/exportPreferencePairs.ts';
import { AppError, fromWire } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import type { ExportParams } from '../protocol/documents.ts';
import { setApiKey, showBackendStatus, startBackend, stopBackend } from './backendCommands.ts';
import { StatusPages } from './backendStatus.ts';
import { chooseRankingModel } from './ranking/chooseRankingModel.ts';
import { registrar } from './register.ts';
import { registerReviewCommands } from './reviewCommands.ts';
import type { Reviews } from './reviews.ts';
import { importRevised } from './revision/importRevised.ts';
import type { Services } from './services.ts';
import { whenSlow } from './whenSlow.ts';

/** Registers the commands of translation and review; a test compares all with package.json. */
export function registerCommands(services: Services, reviews: Reviews): vscode.Disposable {
  const guarded = registrar(services.notifier);
  // menus give the file that they were opened on
  const register = (name: string, work: (uri: vscode.Uri | undefined) => Promise<void> | void): vscode.Disposable => guarded(name, (argument) => work(argument instanceof vscode.Uri ? argument : undefined));
  const pages = new StatusPages();
  return vscode.Disposable.from(
    pages,
    register('translateFile', async (uri) => { await (await reviews.show(uri))?.translate(); }),
    register('dryRun', async (uri) => { await (await reviews.show(uri))?.dryRun(); }),
    register('openReview', async (uri) => { await reviews.show(uri); }),
    register('chooseTarget', async (uri) => { await (await reviews.show(uri, true))?.translate(); }),
    register('cancelTranslation', () => { reviews.current?.cancel(); }),
    register('resumeTranslation', async () => { await reviews.current?.translate(); }),
    register('importRevised', (uri) => importRevised(uri, { services, reviews, pages })),
    register('chooseRankingModel', () => chooseRankingModel(services)),
    register('exportPairs', (uri) => exportFrom(uri, services)),
    register('backendStatus', () => showBackendStatus(services.backends, pages)),
    register('startBackend', () => startBackend(services.servers)),
    register('stopBackend', () => stopBackend(services.servers)),
    register('setApiKey', () => setApiKey(services.backends)),
    register('showLog', () => { services.log.show(); }),
    registerReviewCommands((command) => { reviews.command(command); }),
  );
}

async function exportFrom(uri: vscode.Uri | undefined, services: Services): Promise<void> {
  const folder = (uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new AppError('workspace.none', { what: vscode.l10n.t('An export of preference pairs') });
  const to = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Preference Pairs'),
    defaultUri: vscode.Uri.file(join(folder.uri.fsPath, 'pairs.jsonl')),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (to === undefined) return;
  await exportTo(to, { root: folder.uri.fsPath, out: to.fsPath, version: services.version, acceptedOverSeen: false }, services);
}

async function exportTo(to: vscode.Uri, request: ExportParams, services: Services): Promise<void> {
  const result = await whenSlow(vscode.l10n.t('Exporting preference pairs'), (watch) => exportInThread(services.documentScript, request, watch));
  for (const problem of result.problems) services.notifier.warn(sentenceFor(fromWire(problem)));
  const open = vscode.l10n.t('Open');
  const again = vscode.l10n.t('Include the Held-Out Ones');
  const { heldOut = 0 } = result.card.dropped;
  const told = exportedText(result.card.rows, droppedCount(result));
  const kept = vscode.l10n.t('{0} of them are held out, so that a retrained model can be judged by them.', heldOut);
  const choice = await (heldOut === 0 ? vscode.window.showInformationMessage(told, open) : vscode.window.showInformationMessage(`${told} ${kept}`, open, again));
  if (choice === again) await exportTo(to, { ...request, withHeldOut: true }, services);
  if (choice === open) await vscode.window.showTextDocument(to);
}

function exportedText(rows: number, dropped: number): string {
  if (rows === 0) return vscode.l10n.t('No preference pairs yet: a pair needs an accepted candidate beside one that was rejected in the same segment, or an edit of a candidate. {0} left out; the card says why.', dropped);
  if (rows === 1) return vscode.l10n.t('1 preference pair written, {0} left out; the card beside it says why.', dropped);
  return vscode.l10n.t('{0} preference pairs written, {1} left out; the card beside them says why.', rows, dropped);
}
