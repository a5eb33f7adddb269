import { join } from 'node:path';
import * as vscode from 'vscode';
import { downloadSize, type DownloadSize } from '../../jobs/downloadSize.ts';
import { checkPython } from '../../jobs/python.ts';
import { runCommand } from '../../jobs/runCommand.ts';
import { installedBytes, planSetUp, setUpEnvironment, torchDevice, type SetUpPlan, type TorchBuild } from '../../jobs/trainerEnvironment.ts';
import { surveyMachine, type TrainerSurvey } from '../../jobs/trainerSurvey.ts';
import { abortError } from '../../protocol/channel.ts';
import { saveTrainerPython } from '../settings.ts';
import { signalOf } from '../signalOf.ts';
import { needTrust, type TrainingWorld } from './trainingWorld.ts';

/** Milliseconds. An index that takes longer is not waited for: what was measured once is told instead. */
const longestAsking = 120_000;

type Way = { readonly kind: 'private'; readonly build: TorchBuild } | { readonly kind: 'existing' };

/**
 * *Set Up Trainer...*: says what was found and how much room it takes, and makes a private environment or takes an existing
 * Python. Nothing is installed before a person said so. Undefined: cancelled.
 */
export async function setUpTrainer(world: TrainingWorld): Promise<string | undefined> {
  needTrust();
  const title = vscode.l10n.t('Looking for Python, uv and a GPU');
  const survey = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => surveyMachine(runCommand, world.environment));
  const way = await vscode.window.showQuickPick(waysFor(survey), { title: vscode.l10n.t('Interlinear: Set Up Trainer'), placeHolder: foundLine(survey), ignoreFocusOut: true });
  if (way === undefined) return undefined;
  const python = way.value.kind === 'existing' ? await chooseExisting(survey) : await makePrivate(world, survey, way.value.build);
  if (python !== undefined) await tellReady(world, python, survey);
  return python;
}

function waysFor({ gpu }: TrainerSurvey): readonly (vscode.QuickPickItem & { readonly value: Way })[] {
  const size = (build: TorchBuild): string => vscode.l10n.t('about {0} GB on the disk', installedBytes[build] / 1e9);
  const nvidia = {
    label: vscode.l10n.t('Private environment for an NVIDIA GPU'), description: size('nvidia'),
    detail: gpu === undefined ? vscode.l10n.t('No NVIDIA GPU was found (nvidia-smi does not answer): it would train on the CPU.') : vscode.l10n.t('{0}, {1} MiB, driver {2}', gpu.name, gpu.memoryMiB, gpu.driver),
    value: { kind: 'private', build: 'nvidia' },
  } as const;
  const cpu = {
    label: vscode.l10n.t('Private environment for the CPU'), description: size('cpu'),
    detail: vscode.l10n.t('Enough for the starter model. PyTorch comes from download.pytorch.org, all else from the Python package index.'),
    value: { kind: 'private', build: 'cpu' },
  } as const;
  const existing = {
    label: vscode.l10n.t('An existing Python...'), detail: vscode.l10n.t('One that has the trainer\'s packages already. Nothing is installed.'),
    value: { kind: 'existing' },
  } as const;
  return gpu === undefined ? [cpu, nvidia, existing] : [nvidia, cpu, existing];
}

function foundLine({ uv, pythons, gpu }: TrainerSurvey): string {
  const [python] = pythons;
  const pythonText = python === undefined ? vscode.l10n.t('no Python') : `Python ${python.version}`;
  const uvText = uv === undefined ? vscode.l10n.t('no uv') : `uv ${uv}`;
  return vscode.l10n.t('Found: {0}, {1}, {2}', pythonText, uvText, gpu?.name ?? vscode.l10n.t('no NVIDIA GPU'));
}

/** @throws AppError `trainer.unavailable` that names what the chosen Python lacks */
async function chooseExisting({ pythons }: TrainerSurvey): Promise<string | undefined> {
  const title = vscode.l10n.t('Python that trains');
  const items = pythons.map(({ path, version }) => ({ label: `Python ${version}`, description: path, path }));
  const other = { label: vscode.l10n.t('Enter a path...'), description: '', path: undefined };
  const picked = await vscode.window.showQuickPick([...items, other], { title, ignoreFocusOut: true });
  if (picked === undefined) return undefined;
  const python = picked.path ?? await vscode.window.showInputBox({ title, prompt: vscode.l10n.t('Path of a Python of 3.10 or later with the packages of trainer/requirements.lock'), ignoreFocusOut: true });
  if (python === undefined || python.trim() === '') return undefined;
  await checkPython(python.trim());
  await saveTrainerPython(python.trim());
  return python.trim();
}

async function makePrivate(world: TrainingWorld, survey: TrainerSurvey, build: TorchBuild): Promise<string | undefined> {
  const plan = planSetUp(survey, { folder: world.environment, lock: join(world.package, 'requirements.lock'), build, platform: process.platform });
  const install = vscode.l10n.t('Install');
  const asking = vscode.l10n.t('Asking the package index how much would be downloaded');
  const download = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: asking, cancellable: true },
    (_, token) => downloadSize(plan, { run: runCommand, fetch, signal: AbortSignal.any([signalOf(token), AbortSignal.timeout(longestAsking)]) })
      .catch((thrown: unknown) => orEstimate(thrown, token)),
  );
  const choice = await vscode.window.showInformationMessage(vscode.l10n.t('Install the trainer?'), { modal: true, detail: planText(plan, survey, download) }, install);
  if (choice !== install) return undefined;
  const python = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Setting up the trainer'), cancellable: true },
    (progress, token) => setUpEnvironment(plan, {
      files: world.services.fs, run: runCommand, signal: signalOf(token),
      onLine: (line) => {
        world.services.log.info(`trainer: ${line}`);
        progress.report({ message: line.trim().slice(0, 80) });
      },
    }).catch((thrown: unknown) => { throw token.isCancellationRequested ? abortError() : thrown; }),
  );
  // a setting that named another Python would go on winning
  await saveTrainerPython(undefined);
  return python;
}

function orEstimate(thrown: unknown, { isCancellationRequested }: vscode.CancellationToken): undefined {
  if (isCancellationRequested) throw abortError();
  if (!(thrown instanceof DOMException && thrown.name === 'TimeoutError')) throw thrown;
  return undefined;
}

function planText({ folder, python, tool, index, bytes }: SetUpPlan, { freeBytes }: TrainerSurvey, download: DownloadSize | undefined): string {
  const gigabytes = (value: number): string => (value / 1e9).toFixed(1);
  return [
    vscode.l10n.t('Where: {0}', folder),
    vscode.l10n.t('Made by: {0} with {1}', tool, python ?? vscode.l10n.t('a Python 3.12 that uv downloads')),
    vscode.l10n.t('Room: about {0} GB on the disk ({1} GB are free)', gigabytes(bytes), gigabytes(freeBytes)),
    download === undefined ? vscode.l10n.t('Download: about half of that; the package index did not tell it exactly') : vscode.l10n.t('Download: {0} packages, {1} MB, less what {2} has in its cache', download.packages, (download.bytes / 1e6).toFixed(1), tool),
    index === undefined ? vscode.l10n.t('From: the Python package index that {0} is configured for', tool) : vscode.l10n.t('From: the Python package index that {0} is configured for, and {1}', tool, index),
    vscode.l10n.t('Packages: TRL, PEFT, Transformers, Accelerate, PyTorch and what they need, in the versions of trainer/requirements.lock'),
  ].join('\n');
}

async function tellReady({ services }: TrainingWorld, python: string, { gpu }: TrainerSurvey): Promise<void> {
  const title = vscode.l10n.t('Loading PyTorch once');
  const device = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () => torchDevice(runCommand, python));
  services.log.info(`trainer: ${python}, torch ${device?.torch ?? 'does not load'}, ${device?.gpu ?? 'no GPU'}`);
  if (device === undefined) services.notifier.warn(vscode.l10n.t('The trainer is set up, but PyTorch does not load in {0}. Run "import torch" there to see why.', python));
  else if (device.gpu === undefined && gpu !== undefined) services.notifier.warn(vscode.l10n.t('The trainer is set up, but PyTorch {0} does not see {1}: it was built for the CPU, or driver {2} is too old for it. Training runs on the CPU.', device.torch, gpu.name, gpu.driver));
  else void vscode.window.showInformationMessage(vscode.l10n.t('The trainer is ready: PyTorch {0} on {1}.', device.torch, device.gpu ?? vscode.l10n.t('the CPU')));
}
