import * as vscode from 'vscode';
import type { ReviewSession } from '../app/review/reviewSession.ts';
import { segmentViews } from '../app/review/segmentViews.ts';
import { toAppError, type AppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import { Channel, type Handlers, type Listeners } from '../protocol/channel.ts';
import type { AlignmentRequest, AlignmentView, AskParams, FindingView, Progress, ReviewAct, ReviewCommand, ReviewHostContract, ReviewSnapshot, ReviewViewContract, SegmentView } from '../protocol/review.ts';
import type { CriticControl } from './ranking/criticControl.ts';
import type { RankingControl } from './ranking/rankingControl.ts';
import { keepOwnKey } from './ownKeys.ts';
import { pageHtml } from './pageHtml.ts';
import { findingView } from './quality/reviewFindings.ts';
import type { Services } from './services.ts';
import { webviewPort } from './webviewPort.ts';

export const reviewViewType = 'interlinear.review';

/** What the panel shows and asks; the controller of the review owns it. */
export interface ReviewPanelOwner {
  /** Undefined while the document is being opened. */
  readonly session: ReviewSession | undefined;
  snapshot(): Promise<ReviewSnapshot>;
  alignment(request: AlignmentRequest): Promise<AlignmentView>;
  readonly ranking: RankingControl;
  readonly critic: CriticControl;
  segmentFocused(segment: string): void;
  asked(params: AskParams): void;
  dismissRequested(segment: string, findings: readonly FindingView[]): void;
  fillRequested(segment: string): void;
  /** An act was journalled. */
  judged(what: ReviewAct): void;
  /** An act was not done, or not wholly. */
  actFailed(error: AppError): void;
  runRequested(command: ReviewViewContract['events']['run']['command']): void;
  timed(value: ReviewViewContract['events']['timing']): void;
  panelActivated(): void;
  panelClosed(): void;
}

/** The review's editor tab. It holds no state: hidden means destroyed, and `ready` draws it again. */
export class ReviewPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #channel: Channel<ReviewHostContract, ReviewViewContract>;

  constructor(panel: vscode.WebviewPanel, { extensionUri: extension, memory }: Pick<Services, 'extensionUri' | 'memory'>, owner: ReviewPanelOwner) {
    this.#panel = panel;
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist', 'webview')] };
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'review.svg');
    this.#channel = new Channel<ReviewHostContract, ReviewViewContract>({
      name: 'review',
      port: webviewPort(panel),
      handlers: handlersFor(owner),
      listeners: { ...listenersFor(owner), ownKey: (own) => { void keepOwnKey(memory, own); } },
      sentence: sentenceFor,
    });
    panel.onDidDispose(() => {
      void setListFocused(false);
      owner.panelClosed();
    });
    panel.onDidChangeViewState(({ webviewPanel }) => {
      if (webviewPanel.active) owner.panelActivated();
      else void setListFocused(false);
    });
    panel.webview.html = pageHtml(panel.webview, extension, 'review');
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  /** Moves the keyboard out of the view: VS Code's own "next part" does not leave a webview (1.139). */
  leave(): void {
    const beside = this.#panel.viewColumn !== vscode.ViewColumn.One;
    void vscode.commands.executeCommand(beside ? 'workbench.action.focusFirstEditorGroup' : 'workbench.action.focusSideBar');
  }

  setTitle(title: string): void {
    this.#panel.title = title;
  }

  command(command: ReviewCommand): void {
    this.#channel.emit('command', { command });
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** Into the open edit; false where there is none, or the page is hidden. */
  async insert(text: string): Promise<boolean> {
    if (!this.#panel.visible || !(await this.#channel.call('insert', { text }))) return false;
    this.reveal();
    return true;
  }

  showSegment(view: SegmentView): void {
    this.#channel.emit('segment', view);
  }

  showProgress(progress: Progress): void {
    this.#channel.emit('progress', progress);
  }

  goTo(segment: string): void {
    this.#channel.emit('goTo', { segment });
  }

  showSnapshot(snapshot: ReviewSnapshot): void {
    this.#channel.emit('snapshot', snapshot);
  }

  dispose(): void {
    this.#panel.dispose();
  }
}

function handlersFor(owner: ReviewPanelOwner): Handlers<ReviewHostContract> {
  return {
    ready: () => owner.snapshot(),
    segments: ({ from }) => segmentViews(open(owner), from),
    act: async (params) => {
      try {
        const segment = await open(owner).act(params);
        owner.judged(params.what);
        return { segment };
      } catch (thrown) {
        const error = toAppError(thrown, 'review');
        owner.actFailed(error);
        return { error: error.toWire(), message: sentenceFor(error) };
      }
    },
    alignment: (request) => owner.alignment(request),
    agreement: ({ segment }, context) => owner.ranking.agreement(segment, context),
    critic: ({ segment, candidate }, { signal }) => owner.critic.judge(segment, candidate, signal),
    ranking: () => owner.ranking.now(),
    previewRanking: (settings, context) => owner.ranking.preview(settings, context),
    applyRanking: (settings) => owner.ranking.apply(settings),
    findings: async ({ segment }) => {
      const found = await open(owner).findings.ofCandidates(segment);
      return Object.fromEntries([...found].map(([hash, findings]) => [hash, findings.map(findingView)]));
    },
    saveDraft: async ({ segment, text }) => {
      await open(owner).saveDraft(segment, text);
      return null;
    },
    listFocus: async ({ focused }) => {
      await setListFocused(focused);
      return null;
    },
  };
}

function listenersFor(owner: ReviewPanelOwner): Omit<Listeners<ReviewViewContract>, 'ownKey'> {
  return {
    segmentFocus: ({ segment }) => { owner.segmentFocused(segment); },
    ask: (params) => { owner.asked(params); },
    dismiss: ({ segment, findings }) => { owner.dismissRequested(segment, findings); },
    fillRepeats: ({ segment }) => { owner.fillRequested(segment); },
    concordance: ({ text }) => { void vscode.commands.executeCommand('interlinear.concordance', text); },
    run: ({ command }) => { owner.runRequested(command); },
    timing: (value) => { owner.timed(value); },
  };
}

function open(owner: ReviewPanelOwner): ReviewSession {
  if (owner.session === undefined) throw toAppError(new Error('the document is still being opened'), 'review');
  return owner.session;
}

/** Single keys are commands only while the candidate list has focus (decisions.md 8). */
async function setListFocused(focused: boolean): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'interlinear.listFocused', focused);
}
