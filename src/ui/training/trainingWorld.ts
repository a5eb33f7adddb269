import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { listJobs, readJobFacts, type JobFacts } from '../../app/training/jobFacts.ts';
import { AppError } from '../../core/errors.ts';
import { nodeProcesses } from '../../jobs/process.ts';
import { completeEnvironment } from '../../jobs/trainerEnvironment.ts';
import { runCommand } from '../../jobs/runCommand.ts';
import { TrainerJobs, type TrainerProgram } from '../../jobs/trainerJobs.ts';
import { gpuMemory, type GpuMemory } from '../../jobs/trainerSurvey.ts';
import { TrainingQueue } from '../../jobs/trainingQueue.ts';
import type { WorkspaceStore } from '../../store/workspaceStore.ts';
import type { Services } from '../services.ts';
import { readMachineSettings } from '../settings.ts';

/** What every training command needs: the jobs of the window's folders, and the Python that trains. */
export class TrainingWorld {
  readonly jobs: TrainerJobs;
  /** Of all windows of this machine. */
  readonly queue: TrainingQueue;
  /** Where *Set Up Trainer* makes the environment. */
  readonly environment: string;
  /** Where *Download Model* puts models. */
  readonly models: string;

  constructor(readonly services: Services, storage: vscode.Uri) {
    this.environment = join(storage.fsPath, 'trainer');
    this.models = join(storage.fsPath, 'models');
    this.jobs = new TrainerJobs({
      files: services.fs, processes: nodeProcesses, env: process.env, now: Date.now, wait: async (milliseconds) => { await sleep(milliseconds); },
    });
    this.queue = new TrainingQueue({
      files: services.fs, folder: storage.fsPath, gpus: async () => (await this.gpus()).map(({ index }) => index),
      isRunning: async (job) => (await this.jobs.state(job)).kind === 'running',
      canStart: async (job) => await services.fs.stat(join(job, 'job.json')) !== undefined,
    });
  }

  /** The Python package that comes with the extension. */
  get package(): string {
    return this.extensionFile('trainer');
  }

  extensionFile(...parts: readonly string[]): string {
    return join(this.services.extensionUri.fsPath, ...parts);
  }

  /** The interpreter of the setting, else of the private environment. @throws AppError `trainer.notSetUp` */
  async python(): Promise<string> {
    const chosen = readMachineSettings().trainerPython;
    const python = chosen ?? await completeEnvironment(this.services.fs, this.environment);
    if (python === undefined) throw new AppError('trainer.notSetUp', { reason: vscode.l10n.t('the trainer was not set up') });
    if (/[/\\]/u.test(python) && !existsSync(python)) throw new AppError('trainer.notSetUp', { reason: vscode.l10n.t('{0} does not exist', python) });
    return python;
  }

  program(python: string): TrainerProgram {
    return { command: python, args: ['-m', 'interlinear_trainer'], package: this.package };
  }

  /** With what is in use of each now; none: there is no NVIDIA GPU. */
  gpus(): Promise<readonly GpuMemory[]> {
    return gpuMemory(runCommand);
  }

  async facts(folder: string): Promise<JobFacts> {
    const waiting = (await this.queue.read()).waiting.map(({ job }) => job);
    return readJobFacts({ fs: this.services.fs, store: this.storeOf(folder), jobs: this.jobs, waiting }, folder);
  }

  /** A job of one of this window's folders. */
  isHere(job: string): boolean {
    return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(job)) !== undefined;
  }

  storeOf(job: string): WorkspaceStore {
    return this.services.storeFor(workspaceOf(job));
  }

  /** Every job of every folder of the window, newest first in each. */
  async all(): Promise<readonly string[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return (await Promise.all(folders.map(({ uri }) => listJobs(this.services.fs, uri.fsPath)))).flat();
  }

  async running(): Promise<readonly string[]> {
    const states = await Promise.all((await this.all()).map(async (folder) => ({ folder, state: await this.jobs.state(folder) })));
    return states.flatMap(({ folder, state }) => state.kind === 'running' ? [folder] : []);
  }
}

/** The folder of the window that a job belongs to. @throws AppError `workspace.none` */
export function workspaceOf(job: string): vscode.WorkspaceFolder {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(dirname(job)));
  if (folder === undefined) throw new AppError('workspace.none', { what: vscode.l10n.t('A training') });
  return folder;
}

/** @throws AppError `workspace.untrusted` */
export function needTrust(): void {
  if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: vscode.l10n.t('train models') });
}
