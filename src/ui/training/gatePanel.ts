import { basename } from 'node:path';
import * as vscode from 'vscode';
import { writeGatePage } from '../../app/training/gatePage.ts';
import { gatePageTexts } from '../../messages.ts';
import { trainingStrings } from '../../protocol/trainingStrings.ts';
import { localised } from '../localised.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** Writes the job's page as of now, in the language of the window. @returns it. @throws AppError `gate.missing` */
export function renewGatePage(world: TrainingWorld, job: string): Promise<string> {
  const texts = { ...gatePageTexts(vscode.env.language), names: localised(trainingStrings) };
  return writeGatePage({ fs: world.services.fs, verdicts: world.storeOf(job).verdicts, job, texts });
}

/** Shows the page of a job's gate in a tab without scripts. @throws AppError `gate.missing` */
export async function openGatePage(world: TrainingWorld, job: string): Promise<void> {
  const page = await renewGatePage(world, job);
  const panel = vscode.window.createWebviewPanel('interlinear.gate', vscode.l10n.t('Gate: {0}', basename(job)), vscode.ViewColumn.Active, { enableScripts: false, enableFindWidget: true, localResourceRoots: [] });
  panel.iconPath = vscode.Uri.joinPath(world.services.extensionUri, 'media', 'review.svg');
  panel.webview.html = page;
}
