import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { serverBackend, type BackendChoice } from '../../app/backends.ts';
import { withAdapterAt, type LentAdapter } from '../../app/training/adapterHost.ts';
import { adoptAdapter, type Adoption } from '../../app/training/adoptAdapter.ts';
import { adoptAsFile } from '../../app/training/adoptAsFile.ts';
import { adoptOnServer } from '../../app/training/adoptOnServer.ts';
import { withEngineMetric } from '../../app/training/engineMetric.ts';
import type { SegmentMetric } from '../../app/training/gateAdapter.ts';
import { gateJob, type StoredGate } from '../../app/training/gateJob.ts';
import { readSources } from '../../app/training/jobData.ts';
import { discardJob } from '../../app/training/jobFacts.ts';
import { readJob } from '../../app/training/prepareJob.ts';
import { servedModelFolder } from '../../app/training/servedModel.ts';
import { withServings } from '../../app/training/servings.ts';
import { applyStoredVerdicts } from '../../app/training/storedGate.ts';
import { adoptedUrls, letGo } from '../../app/training/letGo.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import { AdapterRegistry, adaptersInForce, type AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import { sentenceFor } from '../../messages.ts';
import { readFolderSettings, readGateSettings, readMachineSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { renewGatePage } from './gatePanel.ts';
import { askHost, hostNamed, hostParts, type NamedHost } from './hosts.ts';
import { workspaceOf, type TrainingWorld } from './trainingWorld.ts';
import { verdictText } from './verdictText.ts';

/** *Run Gate*: both models translate what was held out, as they serve in this folder. False: cancelled. @throws AppError `trainer.noAdapter`, `gate.*`, `backend.*` */
export async function runGate(world: TrainingWorld, job: string): Promise<boolean> {
  const chosen = await askHost(world, job);
  if (chosen === undefined) return false;
  const before = await servedBefore(world, job, chosen);
  const title = vscode.l10n.t('Gate of {0}', basename(job));
  const gate = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) =>
    compareAt(world, { job, ...chosen, before, signal: signalOf(token) }, (done, total) => { progress.report({ message: vscode.l10n.t('{0} of {1} translations', done, total), increment: 100 / total }); }));
  const outcome = outcomeText((await applyStoredVerdicts(world.services.fs, world.storeOf(job).verdicts, job))?.decision.outcome ?? gate.decision.outcome);
  await renewGatePage(world, job);
  const [compare, dashboard] = [vscode.l10n.t('Compare Blind'), vscode.l10n.t('Open Dashboard')];
  void vscode.window.showInformationMessage(vscode.l10n.t('Gate of {0}: {1}', basename(job), outcome), compare, dashboard).then((choice) => {
    if (choice === compare) void vscode.commands.executeCommand('interlinear.compareBlind', job);
    else if (choice === dashboard) void vscode.commands.executeCommand('interlinear.openTraining', job);
  });
  return true;
}

/** What translates in the job's folder now, at the place where the new model would. */
async function servedBefore(world: TrainingWorld, job: string, { name, host }: NamedHost): Promise<BackendChoice> {
  const folder = workspaceOf(job);
  if (host.kind !== 'embedded') return world.services.backends.serverIn(name, folder);
  return { kind: 'embedded', modelFolder: await servedModelFolder(world.services.fs, folder.uri.fsPath, (await readJob(world.services.fs, job)).base) };
}

interface Comparison extends NamedHost {
  readonly job: string;
  readonly before: BackendChoice;
  readonly signal: AbortSignal;
}

async function compareAt(world: TrainingWorld, { job, name, host, before, signal }: Comparison, onProgress: (done: number, total: number) => void): Promise<StoredGate> {
  const { fs, compute } = world.services;
  const { uri } = workspaceOf(job);
  const parts = { engineScript: world.extensionFile('dist', 'engine.cjs'), compute, settings: readFolderSettings(uri).run };
  const compare = (metrics: readonly SegmentMetric[]) => async ({ choice, identity }: LentAdapter): Promise<StoredGate> => withServings({ before, after: choice, ...parts }, (servings) => gateJob({
    fs, workspace: uri.fsPath, job, ...servings, metrics, at: new Date().toISOString(), settings: readGateSettings(uri), host: name,
    ...(identity !== undefined && { identity }), onProgress,
  }, signal));
  const lend = async (metrics: readonly SegmentMetric[]): Promise<StoredGate> => withAdapterAt(host, await hostParts(world, job, host), compare(metrics), signal);
  const { rankingModelFolder } = readMachineSettings();
  return rankingModelFolder === undefined ? lend([]) : withEngineMetric(rankingModelFolder, parts.engineScript, (metric) => lend([metric]), signal);
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
  const chosen = gate?.host === undefined ? await askHost(world, job) : await hostNamed(world, gate.host);
  if (chosen === undefined) return false;
  const because = gate?.decision.outcome === 'passed' ? undefined : await askWhy(gateText);
  if (because === undefined && gate?.decision.outcome !== 'passed') return false;
  const record = await adoptAt(world, chosen, { fs, workspace: workspaceOf(job).uri.fsPath, job, at: new Date().toISOString(), id: randomUUID(), ...(because !== undefined && { because }) });
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} translates in this folder now.', modelLabel(record.adapter.name, record.adapter.revision)));
  return true;
}

/** @throws AppError `trainer.noAdapter`, `adapter.*`, `backend.*` */
async function adoptAt(world: TrainingWorld, { name, host }: NamedHost, adoption: Adoption): Promise<AdoptedAdapter> {
  if (host.kind === 'embedded') return adoptAdapter(adoption);
  const title = vscode.l10n.t('{0} takes {1}', name, basename(adoption.job));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
    const signal = signalOf(token);
    const { server } = host;
    const [url = ''] = server.urls;
    if (host.kind === 'runtime') {
      const [trial] = await readSources(adoption.fs, join(adoption.job, 'rows.jsonl'));
      if (trial === undefined) throw new AppError('input.invalid', { where: adoption.job, reason: vscode.l10n.t('no row of its rows.jsonl names a source to try the adapter with') });
      return adoptOnServer({ ...adoption, urls: server.urls, profile: name, base: server.model, open: (model, at) => serverBackend({ ...server, urls: [at], model }), trial }, signal);
    }
    const { trainer } = await hostParts(world, adoption.job, host);
    const target = host.kind === 'llama' ? { kind: 'llama', profile: name } as const : { kind: 'ollama', program: host.program, base: server.model ?? '', url, profile: name } as const;
    const record = await adoptAsFile({ ...adoption, trainer, target }, signal);
    if (host.kind === 'llama' && !await world.services.servers.restart(name)) world.services.notifier.warn(vscode.l10n.t('The server of "{0}" was started elsewhere. The adapter translates after it is started from this window.', name));
    return record;
  });
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

/** *Choose Adapter...*: which of the adopted ones translates in this folder. False: cancelled. @throws AppError `adapter.none` */
export async function chooseAdapter(world: TrainingWorld, folder: vscode.WorkspaceFolder): Promise<boolean> {
  const registry = new AdapterRegistry(folder.uri.fsPath, world.services.fs);
  const inForce = adaptersInForce(await registry.records()).toReversed();
  if (inForce.length === 0) throw new AppError('adapter.none', { workspace: folder.uri.fsPath });
  const items = inForce.map((adopted, index) => ({
    adopted,
    label: modelLabel(adopted.adapter.name, adopted.adapter.revision),
    ...(index === 0 && { description: vscode.l10n.t('translates now') }),
    detail: vscode.l10n.t('from {0}, adopted {1}; gate: {2}', adopted.base.name, new Date(adopted.at).toLocaleString(vscode.env.language), outcomeText(adopted.gate.outcome)),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Choose Adapter'), placeHolder: vscode.l10n.t('The adapter that translates in this folder'), matchOnDetail: true });
  if (chosen === undefined) return false;
  const { adapter, llama } = await registry.choose(randomUUID(), new Date().toISOString(), chosen.adopted.id);
  if (llama !== undefined) await world.services.servers.restart(llama.profile);
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} translates in this folder now.', modelLabel(adapter.name, adapter.revision)));
  return true;
}

/** *Roll Back Adapter*. @throws AppError `adapter.none` */
export async function rollBack(world: TrainingWorld, folder: vscode.WorkspaceFolder): Promise<void> {
  const registry = new AdapterRegistry(folder.uri.fsPath, world.services.fs);
  const { from, to } = await registry.rollBack(randomUUID(), new Date().toISOString());
  const now = to?.adapter ?? from.base;
  if (from.llama !== undefined) await world.services.servers.restart(from.llama.profile);
  await unload(world, registry, from);
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} is out of use; {1} translates in this folder now.', from.adapter.name, modelLabel(now.name, now.revision)));
}

/** The servers that have it loaded let go of it; none is started for that. */
async function unload({ services: { backends, notifier } }: TrainingWorld, registry: AdapterRegistry, from: AdoptedAdapter): Promise<void> {
  const urls = adoptedUrls(from);
  const profile = from.server?.profile ?? readMachineSettings().backends.find((known) => known.urls.some((url) => urls.includes(url)))?.name;
  // a profile that is gone, or whose server does not run, has nothing loaded that could be reached
  const server = profile === undefined ? undefined : await backends.runningServer(profile).catch(() => undefined);
  if (server === undefined) return;
  const kept = await letGo({ registry, from, urls: server.urls, open: (url) => serverBackend({ ...server, urls: [url] }) }, new AbortController().signal);
  for (const { url, thrown } of kept) notifier.warn(vscode.l10n.t('{0} keeps {1} in its memory: {2}', url, from.adapter.name, sentenceFor(toAppError(thrown, url))));
}

/** *Discard Adapter...*: deletes the weights of a job after a question. False: cancelled. */
export async function discard(world: TrainingWorld, job: string): Promise<boolean> {
  const button = vscode.l10n.t('Discard');
  const detail = vscode.l10n.t('Its checkpoints, adapter and model are deleted. Its data, log, curves and gate report stay.');
  if (await vscode.window.showWarningMessage(vscode.l10n.t('Discard {0}?', basename(job)), { modal: true, detail }, button) !== button) return false;
  await discardJob(world.services.fs, job, new Date().toISOString());
  return true;
}
