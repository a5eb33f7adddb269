import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { adoptAdapter } from '../../app/training/adoptAdapter.ts';
import { gateJob } from '../../app/training/gateJob.ts';
import { discardJob } from '../../app/training/jobFacts.ts';
import { readJob } from '../../app/training/prepareJob.ts';
import { servedModelFolder } from '../../app/training/servedModel.ts';
import { withServings } from '../../app/training/servings.ts';
import { applyVerdicts, comparisonOf, readGate, type GateRecord } from '../../app/training/storedGate.ts';
import { AppError } from '../../core/errors.ts';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import { gatePageTexts } from '../../messages.ts';
import { readFolderSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { workspaceOf, type TrainingWorld } from './trainingWorld.ts';
import { verdictText } from './verdictText.ts';

/** *Run Gate*: both models translate what was held out, as they serve in this folder. @throws AppError `trainer.noAdapter`, `gate.*` */
export async function runGate(world: TrainingWorld, job: string): Promise<void> {
  const { fs, compute } = world.services;
  const folder = workspaceOf(job);
  const { base } = await readJob(fs, job);
  const after = join(job, 'model');
  if (await fs.stat(join(after, 'manifest.json')) === undefined) throw new AppError('trainer.noAdapter', { job, state: (await world.jobs.state(job)).kind });
  const before = await servedModelFolder(fs, folder.uri.fsPath, base);
  const settings = readFolderSettings(folder.uri).run;
  const title = vscode.l10n.t('Gate of {0}', basename(job));
  await world.services.aligner(); // coverage, and with it the omission rate, needs it
  const gate = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
    withServings({ before: { kind: 'embedded', modelFolder: before }, after: { kind: 'embedded', modelFolder: after }, engineScript: world.extensionFile('dist', 'engine.cjs'), compute, settings }, (servings) => gateJob({
      fs, workspace: folder.uri.fsPath, job, ...servings, at: new Date().toISOString(), page: gatePageTexts(vscode.env.language),
      onProgress: (done, total) => { progress.report({ message: vscode.l10n.t('{0} of {1} translations', done, total), increment: 100 / total }); },
    }, signalOf(token))));
  const outcome = outcomeText((await withEarlierVerdicts(world, job))?.decision.outcome ?? gate.decision.outcome);
  const [compare, dashboard] = [vscode.l10n.t('Compare Blind'), vscode.l10n.t('Open Dashboard')];
  void vscode.window.showInformationMessage(vscode.l10n.t('Gate of {0}: {1}', basename(job), outcome), compare, dashboard).then((choice) => {
    if (choice === compare) void vscode.commands.executeCommand('interlinear.compareBlind', job);
    else if (choice === dashboard) void vscode.commands.executeCommand('interlinear.openTraining', job);
  });
}

/** A gate that is run again knows what people said of the same two outputs before. */
async function withEarlierVerdicts(world: TrainingWorld, job: string): Promise<GateRecord | undefined> {
  const gate = await readGate(world.services.fs, job);
  if (gate === undefined) return undefined;
  const records = await world.storeOf(job).verdicts.read(comparisonOf(gate));
  return (await applyVerdicts(world.services.fs, job, gate, records)).gate;
}

function outcomeText(outcome: 'passed' | 'failed' | 'notEvaluated'): string {
  if (outcome === 'passed') return vscode.l10n.t('passed');
  return outcome === 'failed' ? vscode.l10n.t('not passed') : vscode.l10n.t('not evaluated: nobody has compared the outputs yet');
}

/** *Adopt Adapter...*: tells what is known, asks why where the gate did not pass, and lets the model translate. False: cancelled. */
export async function adopt(world: TrainingWorld, job: string): Promise<boolean> {
  const { fs } = world.services;
  const { gate, verdict } = await world.facts(job);
  const title = vscode.l10n.t('Adopt {0}?', basename(job));
  const gateText = gate === undefined ? vscode.l10n.t('The gate has not been run') : vscode.l10n.t('Gate: {0}', outcomeText(gate.decision.outcome));
  const button = vscode.l10n.t('Adopt');
  const detail = [gateText, verdictText(verdict), vscode.l10n.t('It can be rolled back at any time.')].join('\n');
  if (await vscode.window.showInformationMessage(title, { modal: true, detail }, button) !== button) return false;
  const because = gate?.decision.outcome === 'passed' ? undefined : await askWhy(gateText);
  if (because === undefined && gate?.decision.outcome !== 'passed') return false;
  const workspace = workspaceOf(job).uri.fsPath;
  const record = await adoptAdapter({ fs, workspace, job, at: new Date().toISOString(), id: randomUUID(), ...(because !== undefined && { because }) });
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} {1} translates in this folder now.', record.adapter.name, record.adapter.revision));
  return true;
}

async function askWhy(gateText: string): Promise<string | undefined> {
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Why adopt it all the same?'),
    prompt: vscode.l10n.t('{0}. The reason is kept in .interlinear/adapters.jsonl.', gateText),
    ignoreFocusOut: true,
    validateInput: (text) => text.trim() === '' ? vscode.l10n.t('A reason is needed.') : undefined,
  });
  return answer?.trim();
}

/** *Roll Back Adapter*. @throws AppError `adapter.none` */
export async function rollBack(world: TrainingWorld, folder: vscode.WorkspaceFolder): Promise<void> {
  const registry = new AdapterRegistry(folder.uri.fsPath, world.services.fs);
  const { from, to } = await registry.rollBack(randomUUID(), new Date().toISOString());
  const now = to?.adapter ?? from.base;
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} is out of use; {1} {2} translates in this folder now.', from.adapter.name, now.name, now.revision));
}

/** *Discard Adapter...*: deletes the weights of a job after a question. False: cancelled. */
export async function discard(world: TrainingWorld, job: string): Promise<boolean> {
  const button = vscode.l10n.t('Discard');
  const detail = vscode.l10n.t('Its checkpoints, adapter and model are deleted. Its data, log, curves and gate report stay.');
  if (await vscode.window.showWarningMessage(vscode.l10n.t('Discard {0}?', basename(job)), { modal: true, detail }, button) !== button) return false;
  await discardJob(world.services.fs, job, new Date().toISOString());
  return true;
}
