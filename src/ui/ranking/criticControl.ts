import * as vscode from 'vscode';
import { Critic } from '../../app/critic.ts';
import type { ReviewSession } from '../../app/review/reviewSession.ts';
import { isAbort, toAppError } from '../../core/errors.ts';
import { sentenceFor } from '../../messages.ts';
import type { CriticView } from '../../protocol/review.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import type { BackendPool } from '../backendPool.ts';
import { readFolderSettings } from '../settings.ts';

export interface CriticControlParts {
  readonly source: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  readonly languages: LanguagePair;
  readonly backends: BackendPool;
  readonly session: () => ReviewSession | undefined;
}

/** Asks the critic of the settings about a candidate of this review. */
export class CriticControl {
  readonly #parts: CriticControlParts;
  /** Kept while backend and principles are the same: it remembers its verdicts. */
  #critic: { readonly key: string; readonly critic: Critic } | undefined;

  constructor(parts: CriticControlParts) {
    this.#parts = parts;
  }

  async judge(segment: string, candidate: string, signal: AbortSignal): Promise<CriticView | { readonly message: string }> {
    const about = this.#parts.session()?.sourceAndText(segment, candidate);
    try {
      const critic = await this.#open();
      if (about === undefined || critic === undefined) return { message: vscode.l10n.t('Name a backend with an instruction-tuned model in the setting interlinear.critic.backend.') };
      const verdict = await critic.judge(about.source, about.text, this.#parts.languages, signal);
      return { ...verdict, signature: await critic.signature(signal) };
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      return { message: sentenceFor(toAppError(thrown, 'critic')) };
    }
  }

  async #open(): Promise<Critic | undefined> {
    const { backend, principles } = readFolderSettings(this.#parts.source).critic;
    if (backend === undefined) return undefined;
    const key = JSON.stringify([backend, principles]);
    if (this.#critic?.key !== key) this.#critic = { key, critic: new Critic(await this.#parts.backends.backend(backend, this.#parts.folder), principles) };
    return this.#critic.critic;
  }
}
