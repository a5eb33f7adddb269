import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors.ts';
import type { JobFacts } from '../../app/training/jobFacts.ts';
import type { TrainingAction } from '../../protocol/training.ts';
import { registrar } from '../register.ts';
import { adopt, chooseAdapter, discard, rollBack, runGate } from './adoption.ts';
import { BlindPanel, blindViewType } from './blindPanel.ts';
import { Dashboard, trainingViewType } from './dashboard.ts';
import { openGatePage } from './gatePanel.ts';
import { JobWatch } from './jobWatch.ts';
import { pythonOrOffer } from './offerTrainer.ts';
import { JobPanels } from './panels.ts';
import { QueueRunner } from './queueRunner.ts';
import { retrain } from './retrain.ts';
import { askAboutServers } from './serverQuestion.ts';
import { setUpTrainer } from './setUpTrainer.ts';
import { needTrust, workspaceOf, type TrainingWorld } from './trainingWorld.ts';

/** The training half of the extension: its commands, its tabs, and the jobs that this window follows. */
export class Trainings implements vscode.Disposable {
  readonly #world: TrainingWorld;
  readonly #watch: JobWatch;
  readonly #queue: QueueRunner;
  readonly #dashboards: JobPanels<Dashboard>;
  readonly #sessions: JobPanels<BlindPanel>;
  readonly #disposables: vscode.Disposable;

  constructor(world: TrainingWorld) {
    this.#world = world;
    this.#watch = new JobWatch(world);
    this.#queue = new QueueRunner(world, { onStarted: (job) => { this.#watch.watch(job); }, onQueue: (jobs) => { for (const job of jobs) this.#watch.tellChange(job); } });
    this.#dashboards = new JobPanels(trainingViewType, (folder, panel) => Promise.resolve(new Dashboard(folder, panel, world)));
    this.#sessions = new JobPanels(blindViewType, (folder, panel) => BlindPanel.open(folder, panel, { world, onVerdict: () => { this.#watch.tellChange(folder); } }));
    this.#disposables = vscode.Disposable.from(
      this.#watch, this.#queue, this.#dashboards, this.#sessions,
      this.#watch.onChange((folder) => this.#dashboards.get(folder)?.refresh()),
      vscode.window.registerWebviewPanelSerializer(trainingViewType, this.#dashboards),
      vscode.window.registerWebviewPanelSerializer(blindViewType, this.#sessions),
      ...this.#register(),
    );
    void world.services.notifier.guard('jobs', () => this.#watch.reattach());
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #register(): readonly vscode.Disposable[] {
    const [world, queue] = [this.#world, this.#queue];
    const register = registrar(world.services.notifier);
    const onJob = (action: TrainingAction, work: (job: string) => Promise<void>) => async (argument: unknown): Promise<void> => {
      needTrust();
      const job = typeof argument === 'string' ? argument : await this.#pick((facts) => facts.actions.includes(action), (this.#dashboards.active ?? this.#sessions.active)?.folder);
      if (job === undefined) return;
      await work(job);
      this.#watch.tellChange(job);
    };
    return [
      register('setUpTrainer', async () => { await setUpTrainer(this.#world); }),
      register('retrain', () => this.#retrain()),
      register('openTraining', async (argument) => {
        const job = typeof argument === 'string' ? argument : await this.#pick(() => true);
        if (job !== undefined) await this.#dashboards.show(job);
      }),
      register('cancelTraining', onJob('cancel', (job) => this.#cancel(job))),
      register('moveTrainingUp', onJob('moveUp', async (job) => { await world.queue.moveUp(job); await queue.look(); })),
      register('resumeTraining', onJob('resume', (job) => this.#resume(job))),
      register('gateAdapter', onJob('gate', async (job) => { await runGate(this.#world, job); })),
      register('openGateReport', onJob('openGate', (job) => openGatePage(world, job))),
      register('compareBlind', onJob('compare', (job) => this.#compare(job))),
      register('adoptAdapter', onJob('adopt', async (job) => { await adopt(this.#world, job); })),
      register('discardAdapter', onJob('discard', async (job) => { await discard(this.#world, job); })),
      register('chooseAdapter', (argument) => this.#inFolder(argument, chooseAdapter)),
      register('rollBackAdapter', (argument) => this.#inFolder(argument, rollBack)),
      register('openTrainingLog', onJob('openLog', async (job) => { await vscode.window.showTextDocument(vscode.Uri.file(join(job, 'job.log'))); })),
    ];
  }

  async #retrain(): Promise<void> {
    needTrust();
    const folder = await pickFolder();
    const python = await this.#python();
    if (python === undefined) return;
    const job = await retrain(this.#world, folder, { python, begin: (prepared) => this.#begin(prepared) });
    if (job !== undefined) await this.#dashboards.show(job);
  }

  /** Into the queue; false: cancelled. */
  async #begin(job: string): Promise<boolean> {
    const holds = await askAboutServers(this.#world);
    if (holds === undefined) return false;
    if (await this.#queue.add(job, holds)) return true;
    this.#watch.tellChange(job);
    void vscode.window.showInformationMessage(vscode.l10n.t('{0} waits: it starts by itself when its turn comes.', basename(job)));
    return true;
  }

  /** Outputs to compare come from the gate, which is run first where it was not yet. */
  async #compare(job: string): Promise<void> {
    if ((await this.#world.facts(job)).gate === undefined) {
      if (!await runGate(this.#world, job)) return;
      this.#watch.tellChange(job);
    }
    if ((await this.#world.facts(job)).actions.includes('compare')) await this.#sessions.show(job);
    else this.#world.services.notifier.info(vscode.l10n.t('No held-out output of {0} changed: there is nothing to compare.', basename(job)));
  }

  async #cancel(job: string): Promise<void> {
    if (await this.#world.queue.remove(job)) await this.#queue.look();
    else await this.#watch.cancel(job);
  }

  async #resume(job: string): Promise<void> {
    const python = await this.#python();
    if (python === undefined) return;
    await this.#begin(job);
  }

  /** `argument`: a job whose folder is meant; without it the folder is asked for. */
  async #inFolder(argument: unknown, work: (world: TrainingWorld, folder: vscode.WorkspaceFolder) => Promise<unknown>): Promise<void> {
    needTrust();
    const folder = typeof argument === 'string' ? workspaceOf(argument) : await pickFolder();
    await work(this.#world, folder);
    for (const job of await this.#world.all()) this.#watch.tellChange(job);
  }

  /** Undefined: there is none and none is wanted. */
  #python(): Promise<string | undefined> {
    return pythonOrOffer(this.#world, vscode.l10n.t('Training needs a Python with PyTorch and TRL. You are told what is installed, where and how much, before anything is.'));
  }

  /** The job in front if it fits, else the only one that fits, else the one that is picked. */
  async #pick(fits: (facts: JobFacts) => boolean, front?: string): Promise<string | undefined> {
    const all = await Promise.all((await this.#world.all()).map((folder) => this.#world.facts(folder)));
    const fitting = all.filter(fits);
    const [only, ...others] = fitting;
    if (only === undefined) throw new AppError('input.invalid', { where: vscode.l10n.t('Training'), reason: vscode.l10n.t('there is no job in this window that this can be done with. Start one with "Interlinear: Retrain..."') });
    const inFront = fitting.find(({ folder }) => folder === front);
    if (inFront !== undefined || others.length === 0) return (inFront ?? only).folder;
    const items = fitting.map(({ folder, name, record }) => ({ label: basename(folder), description: `${name} · ${basename(record.base)}`, folder }));
    return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which training?') }))?.folder;
  }
}

/** @throws AppError `workspace.none`; an AbortError when nothing was picked */
async function pickFolder(): Promise<vscode.WorkspaceFolder> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first, ...others] = folders;
  if (first === undefined) throw new AppError('workspace.none', { what: vscode.l10n.t('A training') });
  const picked = others.length === 0 ? first : await vscode.window.showWorkspaceFolderPick();
  return picked ?? first;
}
