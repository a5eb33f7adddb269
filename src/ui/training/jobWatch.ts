import * as vscode from 'vscode';
import type { JobState } from '../../jobs/trainerJobs.ts';
import { AppError, assertNever } from '../../core/errors.ts';
import { basename } from 'node:path';
import type { TrainerEvent } from '../../protocol/trainerEvents.ts';
import { trainerSentence } from '../localised.ts';
import type { TrainingWorld } from './trainingWorld.ts';

/** Follows running jobs: one notification each, which can cancel, and word of every change. The jobs outlive this window. */
export class JobWatch implements vscode.Disposable {
  readonly #world: TrainingWorld;
  readonly #watched = new Map<string, AbortController>();
  readonly #changed = new vscode.EventEmitter<string>();

  /** The folder of a job of which there is something new to show. */
  readonly onChange = this.#changed.event;

  constructor(world: TrainingWorld) {
    this.#world = world;
  }

  /** Finds the jobs that went on while no window looked. */
  async reattach(): Promise<void> {
    for (const folder of await this.#world.running()) this.watch(folder);
  }

  /** Follows a job to its end; one that is watched already is left alone. */
  watch(folder: string): void {
    if (this.#watched.has(folder)) return;
    const controller = new AbortController();
    this.#watched.set(folder, controller);
    void this.#world.services.notifier.guard('training', async () => {
      const state = await this.#follow(folder, controller.signal).finally(() => { this.#watched.delete(folder); });
      this.tellChange(folder);
      if (!controller.signal.aborted) await this.#tellEnd(folder, state);
    });
  }

  /** Asks the trainer to save and leave; settles within five seconds. */
  async cancel(folder: string): Promise<void> {
    await this.#world.jobs.cancel(folder);
    this.tellChange(folder);
  }

  tellChange(folder: string): void {
    this.#changed.fire(folder);
  }

  dispose(): void {
    for (const controller of this.#watched.values()) controller.abort();
    this.#changed.dispose();
  }

  async #follow(folder: string, signal: AbortSignal): Promise<JobState> {
    const title = vscode.l10n.t('Training {0}', basename(folder));
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => {
        progress.report({ message: vscode.l10n.t('saving a checkpoint') });
        void this.#world.services.notifier.guard('cancel', () => this.cancel(folder));
      });
      progress.report({ message: vscode.l10n.t('starting') });
      let percent = 0;
      return this.#world.jobs.follow(folder, (event) => {
        const message = messageOf(event);
        const now = event.kind === 'step' ? (100 * event.step) / event.steps : percent;
        if (message !== undefined) progress.report({ message, increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
        this.tellChange(folder);
      }, signal);
    });
  }

  async #tellEnd(folder: string, state: JobState): Promise<void> {
    const dashboard = vscode.l10n.t('Open Dashboard');
    const job = basename(folder);
    const run = (command: string): Thenable<unknown> => vscode.commands.executeCommand(`interlinear.${command}`, folder);
    const offer = async (message: Thenable<string | undefined>, commands: Readonly<Record<string, string>>): Promise<void> => {
      const command = commands[await message ?? ''];
      if (command !== undefined) await run(command);
    };
    const [compare, gate, resume] = [vscode.l10n.t('Compare Blind'), vscode.l10n.t('Run Gate'), vscode.l10n.t('Resume')];
    switch (state.kind) {
      case 'finished':
        await offer(vscode.window.showInformationMessage(vscode.l10n.t('{0} is trained: {1} steps in {2} s.', job, state.event.step, Math.round(state.event.seconds)), compare, gate, dashboard), { [compare]: 'compareBlind', [gate]: 'gateAdapter', [dashboard]: 'openTraining' });
        return;
      case 'cancelled':
        await offer(vscode.window.showInformationMessage(vscode.l10n.t('{0} was cancelled at step {1}. Its checkpoint is kept.', job, state.step), resume, dashboard), { [resume]: 'resumeTraining', [dashboard]: 'openTraining' });
        return;
      case 'failed': throw new AppError('trainer.failed', { job: folder, code: state.code, reason: trainerSentence(state) });
      case 'lost': throw new AppError('trainer.lost', { job: folder });
      case 'new':
      case 'running': return;
      default: assertNever(state);
    }
  }
}

/** What the notification says of an event; undefined: nothing new. */
function messageOf(event: TrainerEvent): string | undefined {
  switch (event.kind) {
    case 'started': return vscode.l10n.t('reading the data ({0})', event.device);
    case 'plan': return vscode.l10n.t('{0} steps of {1} rows', event.steps, event.batch);
    case 'step': return vscode.l10n.t('step {0} of {1}, loss {2}, {3} s left', event.step, event.steps, event.loss.toFixed(3), event.secondsLeft?.toFixed(0) ?? '?');
    case 'evaluated': return vscode.l10n.t('checking at step {0}', event.step);
    case 'exported': return vscode.l10n.t('the model is written');
    default: return undefined;
  }
}
