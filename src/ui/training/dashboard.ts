import { basename } from 'node:path';
import * as vscode from 'vscode';
import { Channel } from '../../protocol/channel.ts';
import type { TrainingAction, TrainingHostContract, TrainingSnapshot, TrainingViewContract } from '../../protocol/training.ts';
import { trainingStrings } from '../../protocol/trainingStrings.ts';
import { localised } from '../localised.ts';
import { sentenceFor } from '../../messages.ts';
import { pageHtml } from '../pageHtml.ts';
import { webviewPort } from '../webviewPort.ts';
import { jobView } from './jobView.ts';
import type { TrainingWorld } from './trainingWorld.ts';

export const trainingViewType = 'interlinear.training';

/** The commands behind the dashboard's buttons. */
export const commandOf: Readonly<Record<TrainingAction, string>> = {
  cancel: 'interlinear.cancelTraining', moveUp: 'interlinear.moveTrainingUp', resume: 'interlinear.resumeTraining', gate: 'interlinear.gateAdapter', openGate: 'interlinear.openGateReport', compare: 'interlinear.compareBlind',
  adopt: 'interlinear.adoptAdapter', rollBack: 'interlinear.rollBackAdapter', discard: 'interlinear.discardAdapter', openLog: 'interlinear.openTrainingLog',
};

/** At most so often is a job read again for its view. */
const pauseMs = 500;

/** The dashboard of one job: an editor tab that holds no state. */
export class Dashboard implements vscode.Disposable {
  readonly #world: TrainingWorld;
  readonly #panel: vscode.WebviewPanel;
  readonly #channel: Channel<TrainingHostContract, TrainingViewContract>;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(readonly folder: string, panel: vscode.WebviewPanel, world: TrainingWorld) {
    this.#world = world;
    this.#panel = panel;
    const extension = world.services.extensionUri;
    panel.title = vscode.l10n.t('Training: {0}', basename(folder));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'review.svg');
    this.#channel = new Channel<TrainingHostContract, TrainingViewContract>({
      name: 'training',
      port: webviewPort(panel),
      handlers: { ready: () => this.#snapshot() },
      listeners: { run: ({ action }) => { void vscode.commands.executeCommand(commandOf[action], folder); } },
      sentence: sentenceFor,
    });
    panel.webview.html = pageHtml(panel.webview, extension, 'training');
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Draws the job again, now or when the last time is long enough ago. */
  refresh(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#last = Date.now();
      void this.#world.services.notifier.guard('dashboard', async () => { this.#channel.emit('job', jobView(await this.#world.facts(this.folder))); });
    }, Math.max(0, this.#last + pauseMs - Date.now()));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel.dispose();
  }

  async #snapshot(): Promise<TrainingSnapshot> {
    return { job: jobView(await this.#world.facts(this.folder)), strings: localised(trainingStrings) };
  }
}
