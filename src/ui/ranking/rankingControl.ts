import * as vscode from 'vscode';
import type { ReviewSession } from '../../app/review/reviewSession.ts';
import { parseRanking } from '../../app/settings.ts';
import type { RankingSettings } from '../../core/candidate.ts';
import { isAbort, toAppError } from '../../core/errors.ts';
import { sentenceFor } from '../../messages.ts';
import type { CallContext } from '../../protocol/channel.ts';
import type { PicksChange, RankingNow, RankingPreview } from '../../protocol/rankingView.ts';
import type { AgreementView } from '../../protocol/review.ts';
import { readFolderSettings, readMachineSettings, saveRanking } from '../settings.ts';
import type { RankingModels } from './rankingModels.ts';

/** The review's ranking panel: what is set, what other settings would change, and setting them. */
export class RankingControl {
  readonly #source: vscode.Uri;
  readonly #models: RankingModels;
  readonly #session: () => ReviewSession | undefined;

  constructor(source: vscode.Uri, models: RankingModels, session: () => ReviewSession | undefined) {
    this.#source = source;
    this.#models = models;
    this.#session = session;
  }

  now(): RankingNow {
    const { rankingModelFolder, qualityModelFolder, utilityUrl } = readMachineSettings();
    const usable = (folder: string | undefined): boolean => vscode.workspace.isTrusted && folder !== undefined;
    return { settings: readFolderSettings(this.#source).run.ranking, comet: usable(rankingModelFolder), cometkiwi: usable(qualityModelFolder), http: usable(utilityUrl) };
  }

  async preview(raw: unknown, { signal, progress }: CallContext<{ readonly done: number; readonly total: number }>): Promise<RankingPreview> {
    try {
      const settings = await this.#models.prepare(parseRanking(raw), signal);
      return { ...(await this.#change(settings, signal, progress)), utility: settings.utility };
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      return { message: sentenceFor(toAppError(thrown, 'ranking')) };
    }
  }

  async agreement(segment: string, { signal }: CallContext<never>): Promise<AgreementView | { readonly message: string }> {
    try {
      const found = await this.#session()?.sets.agreement(segment, (settings) => this.#models.prepare(settings, signal), signal);
      return found ?? { message: vscode.l10n.t('its candidates are not all there yet') };
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      return { message: sentenceFor(toAppError(thrown, 'agreement')) };
    }
  }

  /** The change of the settings has the open reviews ranked again. */
  async apply(raw: unknown): Promise<{ readonly message?: string }> {
    try {
      await saveRanking(this.#source, parseRanking(raw));
      return {};
    } catch (thrown) {
      return { message: sentenceFor(toAppError(thrown, 'ranking')) };
    }
  }

  #change(settings: RankingSettings, signal: AbortSignal, onProgress: (value: { readonly done: number; readonly total: number }) => void): Promise<PicksChange> {
    return this.#session()?.sets.preview(settings, { signal, onProgress }) ?? Promise.resolve({ changed: [], total: 0 });
  }
}
