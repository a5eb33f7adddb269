import * as vscode from 'vscode';
import type { ThreadDesk } from '../app/documents/documentThread.ts';
import type { Target } from '../app/documents/target.ts';
import { followFile } from '../app/review/followFile.ts';
import { openSession } from '../app/review/openSession.ts';
import type { ReviewSession } from '../app/review/reviewSession.ts';
import type { SessionListener } from '../app/review/sessionParts.ts';
import { signatureLine } from '../app/review/signatureLine.ts';
import { AppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import type { WriteOutcome } from '../protocol/documents.ts';
import type { AlignmentRequest, AlignmentView, AskParams, FindingView, Progress, ReviewAct, ReviewSnapshot, ReviewViewContract, SegmentView } from '../protocol/review.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import { wishFor } from './askMore.ts';
import { dismissIn, FollowedChecks } from './quality/reviewFindings.ts';
import { CriticControl } from './ranking/criticControl.ts';
import { takeAllRevisions } from './revision/importRevised.ts';
import { offerRestore } from './offerRestore.ts';
import { RankingControl } from './ranking/rankingControl.ts';
import { memoryAccess } from './memory/memoryAccess.ts';
import { offerRepeats } from './offerRepeats.ts';
import { ReviewPanel, type ReviewPanelOwner } from './reviewPanel.ts';
import { reviewSnapshot } from './reviewSnapshot.ts';
import type { Services } from './services.ts';
import { readFolderSettings } from './settings.ts';
import { TranslationJob } from './translationJob.ts';
import { watchReview } from './watchReview.ts';

export interface ReviewTarget {
  readonly source: vscode.Uri;
  readonly target: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  readonly languages: LanguagePair;
  /** `embedded` or a profile's name. */
  readonly backend: string;
  readonly blind: boolean;
  readonly heldOutShare: number;
}

export interface ReviewEvents {
  onStatus(review: Review): void;
  /** Its tab came to the front: commands go to it from now on. */
  onActivated(review: Review): void;
  onClosed(review: Review): void;
}

/** One document under review in the editor: its session, its panel, the translation at work, and the files it watches. */
export class Review implements vscode.Disposable, ReviewPanelOwner, SessionListener {
  readonly #services: Services;
  readonly #events: ReviewEvents;
  readonly #panel: ReviewPanel;
  readonly #disposables: { dispose(): unknown }[] = [];
  readonly #job: TranslationJob;
  readonly #opened: Promise<void>;
  readonly ranking: RankingControl;
  readonly critic: CriticControl;
  #session: ReviewSession | undefined;
  #target: Target | undefined;
  #desk: ThreadDesk | undefined;
  #focus: string | undefined;
  readonly #followed: FollowedChecks;
  #disposed = false;

  // The four are the review's whole world; each is used by most methods.
  constructor(readonly about: ReviewTarget, panel: vscode.WebviewPanel, services: Services, events: ReviewEvents) {
    this.#services = services;
    this.#events = events;
    this.#job = new TranslationJob(this, services);
    this.critic = new CriticControl({ ...about, backends: services.backends, session: () => this.#session });
    this.ranking = new RankingControl(about.source, services.ranking, () => this.#session);
    this.#panel = new ReviewPanel(panel, services, this);
    this.#panel.setTitle(vscode.l10n.t('Review: {0}', vscode.workspace.asRelativePath(about.source, false)));
    this.#followed = new FollowedChecks(services.checks, about, () => this.#session);
    this.#disposables.push(this.#job, this.#followed, this.#watch());
    this.#opened = this.#open();
  }

  get session(): ReviewSession | undefined { return this.#session; }

  get desk(): ThreadDesk | undefined { return this.#desk; }

  /** Settles when the document is open; rejects with the reason when it cannot be. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  async translate(): Promise<void> {
    await this.#opened;
    if (this.#session !== undefined && !this.#disposed) await this.#job.start(this.#session);
  }

  /** Says what a translation would take; nothing is kept of it. */
  async dryRun(): Promise<void> {
    await this.#opened;
    if (this.#session !== undefined) await this.#job.dryRun(this.#session);
  }

  cancel(): void {
    this.#job.cancel();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Its editor tab. */
  get tab(): Pick<ReviewPanel, 'command' | 'insert' | 'isActive'> { return this.#panel; }

  async snapshot(): Promise<ReviewSnapshot> {
    await this.#opened;
    return reviewSnapshot(this.about, this.#services, this.#session, this.#focus);
  }

  /** Where spans are not to be had, which has been said, the aligner of the settings answers. */
  async alignment({ segment, candidate, by }: AlignmentRequest): Promise<AlignmentView> {
    const session = this.#session;
    if (session === undefined) throw new AppError('protocol.closed', { name: 'review' });
    const params = session.toAlign(segment, candidate);
    const { alignment } = this.#services;
    const spans = by === 'spans' ? await alignment.spans(params, this.about.source) : undefined;
    return spans ?? alignment.computing(this.about.source).alignment(params);
  }

  segmentFocused(segment: string): void {
    if (segment === this.#focus) return;
    this.#focus = segment;
    this.#lookAt(segment);
    void this.#services.notifier.quietly('focus', async () => { await this.#target?.remember(segment); });
  }

  /** Shows a segment, which has the keyboard then. */
  goTo(segment: string): void {
    this.#focus = segment;
    this.#panel.reveal();
    this.#panel.goTo(segment);
  }

  dismissRequested(segment: string, findings: readonly FindingView[]): void {
    void this.#services.notifier.guard('dismiss', async () => {
      const session = this.#session;
      if (session !== undefined && await dismissIn(session, segment, findings, this.#services)) this.#services.checks.again(this.about.target);
      this.#panel.reveal();
    });
  }

  /** The view says it at the segment; what concerns the whole disk is told outside of it too. */
  actFailed(error: AppError): void {
    if (error.code === 'store.diskFull' || error.code === 'store.unwritable') this.#services.notifier.failed(error, 'review');
  }

  fillRequested(segment: string): void {
    void this.#services.notifier.guard('fill', async () => {
      if (this.#session !== undefined) await offerRepeats(this.#session, segment, this.#services.notifier);
      this.#panel.reveal();
    });
  }

  /** Something was judged: what comes next may read otherwise now. */
  judged({ act }: ReviewAct): void {
    if (act === 'undo') this.#services.checks.again(this.about.target); // it may have been a dismissal
    if (this.#focus !== undefined) this.#lookAt(this.#focus);
  }

  #lookAt(segment: string): void {
    const session = this.#session;
    if (session !== undefined) void this.#services.notifier.guard('translate', () => this.#job.lookAt(session, segment));
  }

  asked(params: AskParams): void {
    void this.#services.notifier.guard('ask', async () => {
      const session = this.#session;
      const wish = session === undefined ? undefined : await wishFor(params, this.#services.memory);
      this.#panel.reveal();
      if (session === undefined || wish === undefined) return;
      const title = vscode.l10n.t('Drawing more candidates');
      const fresh = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => this.#job.ask(session, params.segment, wish));
      if (fresh === 0) this.#services.notifier.info(vscode.l10n.t('All of the new candidates were there already.'));
    });
  }

  runRequested(command: ReviewViewContract['events']['run']['command']): void {
    switch (command) {
      case 'cancel': this.cancel(); return;
      case 'resume': void this.#services.notifier.guard('translate', () => this.translate()); return;
      case 'export': void vscode.commands.executeCommand('interlinear.exportPairs', this.about.source); return;
      case 'openSource': void vscode.window.showTextDocument(this.about.source, { viewColumn: vscode.ViewColumn.One }); return;
      case 'openTarget': void vscode.window.showTextDocument(this.about.target, { viewColumn: vscode.ViewColumn.One }); return;
      case 'leave': this.#panel.leave(); return;
      case 'takeRevisions': void this.#services.notifier.guard('takeRevisions', () => takeAllRevisions(this, this.#services)); return;
    }
  }

  timed(value: ReviewViewContract['events']['timing']): void {
    this.#services.log.trace(`${value.name} ${value.ms.toFixed(1)} ms`);
  }

  panelActivated(): void {
    this.#events.onActivated(this);
  }

  panelClosed(): void {
    this.dispose();
  }

  onSegment(view: SegmentView): void {
    this.#panel.showSegment(view);
    this.#events.onStatus(this);
  }

  onProgress(progress: Progress): void {
    const set = this.#session?.sets.any;
    this.#panel.showProgress(set === undefined ? progress : { ...progress, signature: signatureLine(set) });
    this.#events.onStatus(this);
  }

  onOutcome(outcome: WriteOutcome): void {
    if (outcome.kind === 'unsaved') this.#services.log.info(`${this.about.target.fsPath} had unsaved changes: the text is in the editor, not on disk`);
    if (outcome.kind === 'altered') void this.#services.notifier.guard('restore', () => this.#settleBytes(outcome.expected));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const disposable of this.#disposables) disposable.dispose();
    void this.#desk?.dispose();
    this.#events.onClosed(this);
    this.#panel.dispose();
  }

  async #open(): Promise<void> {
    const services = this.#services;
    const desk = await services.openDesk(this.about);
    await this.#desk?.dispose();
    this.#desk = desk;
    if (this.#disposed) {
      await desk.dispose();
      return;
    }
    const opened = await openSession({
      desk,
      languages: this.about.languages,
      store: services.storeFor(this.about.folder),
      compute: services.alignment.computing(this.about.source),
      view: { reviewer: services.reviewer(), blind: this.about.blind, message: sentenceFor, glossary: await services.glossaries.of(this.about) },
      listener: this,
      heldOutShare: this.about.heldOutShare,
      propagation: () => readFolderSettings(this.about.source).propagation,
      ...memoryAccess(services, this.about),
    });
    if (opened === undefined) {
      this.dispose();
      return;
    }
    this.#session = opened.session;
    this.#target = opened.target;
    this.#job.memory = opened.memory;
    this.#focus = opened.focus;
    void opened.learned.then((failure) => { if (failure !== undefined) services.log.warn(`aligner: ${failure.message}`); });
    for (const problem of opened.problems) services.notifier.warn(sentenceFor(problem));
    this.#events.onStatus(this);
    this.#followed.show();
  }

  async #settleBytes(ours: string): Promise<void> {
    if (await offerRestore(this.about.target)) await this.#target?.restore(ours);
    await this.#session?.refreshDocument();
  }

  #watch(): vscode.Disposable {
    const guarded = (name: string, work: () => Promise<void>) => (): Promise<void> => this.#services.notifier.guard(name, work);
    return watchReview(this.about, this.#services.glossaries, {
      target: guarded('compare', () => followFile(this.#session)),
      source: guarded('reopen', () => this.#sourceChanged()),
      ranking: guarded('rank', () => this.#rerank()),
      terms: guarded('glossary', () => this.#termsChanged()),
    });
  }

  /** Other terms hold from now on, also for what stands there. */
  async #termsChanged(): Promise<void> {
    if (this.#session === undefined || this.#disposed) return;
    await this.#session.setGlossary(await this.#services.glossaries.of(this.about));
    this.#panel.showSnapshot(await this.snapshot());
  }

  /** Other settings of the ranking hold for what is drawn already as well. */
  async #rerank(): Promise<void> {
    if (this.#session !== undefined && !this.#disposed) await this.#job.rerank(this.#session);
  }

  /** The source was edited: parse it again; judgments and candidates follow their segments. */
  async #sourceChanged(): Promise<void> {
    if (this.#session === undefined || await this.#desk?.isCurrent() !== false) return;
    this.#job.cancel();
    await this.#job.settled();
    await this.#open();
    this.#panel.showSnapshot(await this.snapshot());
  }
}
