import * as vscode from 'vscode';
import { Aligners } from '../../app/alignment/aligners.ts';
import { ChosenAlignment } from '../../app/alignment/chosenAlignment.ts';
import type { Computing } from '../../app/compute.ts';
import { AppError, isAbort } from '../../core/errors.ts';
import { isNonCommercial } from '../../core/ranking/licence.ts';
import { sentenceFor } from '../../messages.ts';
import type { EngineUser } from '../../protocol/engine.ts';
import type { AlignmentView } from '../../protocol/review.ts';
import type { AlignmentParams } from '../../protocol/worker.ts';
import type { Notifier } from '../notifier.ts';
import { readAlignmentSettings, readMachineSettings } from '../settings.ts';
import { signalOf } from '../signalOf.ts';

/** The aligners of this window, as each folder's settings choose them; says once what a person has to know of a model. */
export class AlignmentModels {
  readonly #ranking: Computing;
  readonly #aligners: Aligners;
  readonly #notifier: Notifier;
  readonly #said = new Set<string>();
  readonly #chosen = new Map<string, ChosenAlignment>();

  constructor(ranking: Computing, engine: EngineUser, notifier: Notifier) {
    this.#ranking = ranking;
    this.#notifier = notifier;
    this.#aligners = new Aligners(engine, {
      onLoaded: ({ name, licence, providerNote }) => {
        if (providerNote !== undefined) this.#once(vscode.l10n.t('{0} runs on the CPU: {1}', name, providerNote));
        if (isNonCommercial(licence)) this.#once(vscode.l10n.t('{0} aligns; its licence is {1}: not for commercial use.', name, licence));
      },
      onWindowed: (texts) => { this.#once(vscode.l10n.t('{0} texts have more tokens than the alignment model reads at once: it reads them in windows.', texts)); },
    }, () => readMachineSettings().provider);
  }

  /** What ranks and aligns the files of a folder. The settings are read anew each time, in a trusted folder only. */
  computing(source: vscode.Uri): ChosenAlignment {
    const known = this.#chosen.get(source.toString()) ?? this.#choose(source);
    this.#chosen.set(source.toString(), known);
    return known;
  }

  /** One candidate by the span aligner, with its progress; undefined when it was cancelled or could not be done, which is said. */
  async spans(params: AlignmentParams, source: vscode.Uri): Promise<AlignmentView | undefined> {
    const title = vscode.l10n.t('Aligning by spans');
    try {
      if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: vscode.l10n.t('load a model') });
      const { spanFolder: folder, spanRule: rule } = readAlignmentSettings(source);
      if (folder === undefined) throw new AppError('input.invalid', { where: 'interlinear.alignment.spanModelFolder', reason: vscode.l10n.t('it is empty; name the folder of an exported WSPAlign model') });
      return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
        let reported = 0;
        return this.computing(source).spans(params, { folder, rule }, ({ done, total }) => {
          const percent = (100 * done) / total;
          progress.report({ increment: percent - reported, message: vscode.l10n.t('{0} of {1} words', done, total) });
          reported = percent;
        }, signalOf(token));
      });
    } catch (thrown) {
      if (!isAbort(thrown)) this.#notifier.failed(thrown, 'alignment');
      return undefined;
    }
  }

  #choose(source: vscode.Uri): ChosenAlignment {
    return new ChosenAlignment({
      ranking: this.#ranking,
      aligners: this.#aligners,
      choice: () => {
        const folder = vscode.workspace.isTrusted ? readAlignmentSettings(source).embeddingFolder : undefined;
        return folder === undefined ? undefined : { kind: 'embedding', folder };
      },
      onFailure: (error) => { this.#once(vscode.l10n.t('The statistical aligner aligns instead of the model. {0}', sentenceFor(error))); },
    });
  }

  #once(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#notifier.warn(message);
  }
}
