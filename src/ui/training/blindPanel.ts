import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { BlindSession } from '../../app/training/blindSession.ts';
import { toAppError } from '../../core/errors.ts';
import { parseLanguage } from '../../core/text/languages.ts';
import { sentenceFor } from '../../messages.ts';
import { Channel } from '../../protocol/channel.ts';
import type { BlindAnswer, BlindHostContract, BlindView, BlindViewContract } from '../../protocol/training.ts';
import { blindStrings } from '../../protocol/trainingStrings.ts';
import { localised } from '../localised.ts';
import { pageHtml } from '../pageHtml.ts';
import { webviewPort } from '../webviewPort.ts';
import type { JobPanel } from './panels.ts';
import type { TrainingWorld } from './trainingWorld.ts';
import { verdictText } from './verdictText.ts';

export const blindViewType = 'interlinear.blind';

export interface BlindPanelParts {
  readonly world: TrainingWorld;
  readonly onVerdict: () => void;
}

/** The blind comparison of one job: an editor tab that holds no state. */
export class BlindPanel implements JobPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #session: BlindSession;

  private constructor(readonly folder: string, panel: vscode.WebviewPanel, session: BlindSession, parts: BlindPanelParts) {
    this.#panel = panel;
    this.#session = session;
    const extension = parts.world.services.extensionUri;
    panel.title = vscode.l10n.t('Compare: {0}', basename(folder));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'review.svg');
    new Channel<BlindHostContract, BlindViewContract>({
      name: 'blind',
      port: webviewPort(panel),
      handlers: {
        ready: () => ({ view: this.#view(), strings: localised(blindStrings) }),
        judge: ({ number, choice }) => this.#answer(() => session.judge(number, choice), parts.onVerdict),
        undo: () => this.#answer(() => session.undo(), parts.onVerdict),
        goOn: () => this.#answer(() => { session.goOn(); }),
      },
      listeners: { leave: () => { void vscode.commands.executeCommand('interlinear.openTraining', folder); } },
      sentence: sentenceFor,
    });
    panel.webview.html = pageHtml(panel.webview, extension, 'blind');
  }

  /** @throws AppError `gate.missing` */
  static async open(folder: string, panel: vscode.WebviewPanel, parts: BlindPanelParts): Promise<BlindPanel> {
    const { services } = parts.world;
    const session = await BlindSession.open({
      fs: services.fs, verdicts: parts.world.storeOf(folder).verdicts, job: folder, reviewer: services.reviewer(), now: Date.now, newId: randomUUID,
    });
    return new BlindPanel(folder, panel, session, parts);
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async #answer(work: () => Promise<void> | void, then: () => void = () => undefined): Promise<BlindAnswer> {
    try {
      await work();
      then();
      return { view: this.#view() };
    } catch (thrown) {
      return { message: sentenceFor(toAppError(thrown, 'blind')) };
    }
  }

  #view(): BlindView {
    const { item, judged, total, nextLook, verdict, canUndo } = this.#session.state;
    const { sourceLanguage, targetLanguage } = this.#session.languages;
    const text = (side: 'left' | 'right'): string => item === undefined ? '' : side === item.newSide ? item.after : item.before;
    const language = (tag: string): BlindView['sourceLanguage'] => {
      const { direction } = parseLanguage(tag);
      return { tag, dir: direction };
    };
    return {
      folder: this.folder, title: basename(this.folder), sourceLanguage: language(sourceLanguage), targetLanguage: language(targetLanguage),
      judged, total, canUndo,
      ...(item === undefined ? { verdict: verdictText(verdict) } : { item: { number: item.number, source: item.source, left: text('left'), right: text('right') } }),
      ...(nextLook !== undefined && { nextLook }),
    };
  }
}
