import * as vscode from 'vscode';
import type { Compute } from '../../app/compute.ts';
import { Rankers, type RankingProgress } from '../../app/ranking/rankers.ts';
import type { RankingSettings } from '../../core/candidate.ts';
import type { AppError } from '../../core/errors.ts';
import { isNonCommercial } from '../../core/ranking/licence.ts';
import type { EngineUser } from '../../protocol/engine.ts';
import { sentenceFor } from '../../messages.ts';
import type { Notifier } from '../notifier.ts';
import { readMachineSettings } from '../settings.ts';

/** What ranks in this window, with the model of the settings where one is asked for; says once what a person has to know of it. */
export class RankingModels {
  readonly rankers: Rankers;
  readonly #notifier: Notifier;
  readonly #said = new Set<string>();

  constructor(compute: Compute, engine: EngineUser, notifier: Notifier) {
    this.#notifier = notifier;
    this.rankers = new Rankers(compute, { engine, provider: () => readMachineSettings().provider, onLong: (texts) => { this.#tellLong(texts); } });
  }

  /** The settings as they can be had here: what lacks its model gives way to chrF. */
  async prepare(settings: RankingSettings, signal: AbortSignal): Promise<RankingSettings> {
    const { rankingModelFolder: comet, qualityModelFolder: cometkiwi, utilityUrl: http } = readMachineSettings();
    const { settings: prepared, model, fallback } = await this.rankers.prepare(settings, vscode.workspace.isTrusted ? { comet, cometkiwi, http } : {}, signal);
    if (fallback !== undefined) this.#once(fallbackText(outsideNames[settings.utility === 'cometkiwi' || settings.utility === 'http' ? settings.utility : 'comet'], fallback), true);
    if (model?.providerNote !== undefined) this.#once(vscode.l10n.t('{0} runs on the CPU: {1}', model.name, model.providerNote), false);
    if (model !== undefined && isNonCommercial(model.licence)) this.#once(vscode.l10n.t('{0} ranks; its licence is {1}: not for commercial use.', model.name, model.licence), false);
    return prepared;
  }

  /** Shows in a progress bar what a model does while `work` runs. */
  async reporting<T>(progress: vscode.Progress<{ message?: string }>, work: () => Promise<T>): Promise<T> {
    const stop = this.rankers.watch((value) => { progress.report({ message: progressText(value) }); });
    try {
      return await work();
    } finally {
      stop();
    }
  }

  /** Another choice was made: what was said of the last one may have to be said of it. */
  forget(): void {
    this.#said.clear();
  }

  #once(message: string, offerChoice: boolean): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    if (!offerChoice) {
      this.#notifier.warn(message);
      return;
    }
    const choose = vscode.l10n.t('Choose Ranking Model...');
    void vscode.window.showWarningMessage(message, choose).then((choice) => {
      if (choice === choose) void vscode.commands.executeCommand('interlinear.chooseRankingModel');
    });
  }

  #tellLong(texts: number): void {
    this.#once(vscode.l10n.t('{0} texts have more tokens than the ranking model reads at once: it reads them in windows.', texts), false);
  }
}

const outsideNames = { comet: 'COMET', cometkiwi: 'CometKiwi', http: 'HTTP' } as const;

function progressText(progress: RankingProgress): string {
  if (progress.phase === 'loading') return vscode.l10n.t('loading the ranking model');
  return vscode.l10n.t('ranking: {0} of {1} texts read', progress.texts.done, progress.texts.total);
}

function fallbackText(name: string, error: AppError): string {
  const missing = error.code === 'engine.modelMissing' && 'path' in error.data;
  return missing
    ? vscode.l10n.t('chrF ranks instead of {0}, because {1} does not exist.', name, error.data.path)
    : vscode.l10n.t('chrF ranks instead of {0}. {1}', name, sentenceFor(error));
}
