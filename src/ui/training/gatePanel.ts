import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** Shows the page that a job's gate wrote, in a tab without scripts. @throws AppError `gate.missing` */
export async function openGatePage(world: TrainingWorld, job: string): Promise<void> {
  const bytes = await world.services.fs.read(join(job, 'gate.html'));
  if (bytes === undefined) throw new AppError('gate.missing', { job });
  const panel = vscode.window.createWebviewPanel('interlinear.gate', vscode.l10n.t('Gate: {0}', basename(job)), vscode.ViewColumn.Active, { enableScripts: false, enableFindWidget: true, localResourceRoots: [] });
  panel.iconPath = vscode.Uri.joinPath(world.services.extensionUri, 'media', 'review.svg');
  panel.webview.html = new TextDecoder().decode(bytes);
}
