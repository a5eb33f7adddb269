import * as vscode from 'vscode';
import type { SessionMemory } from '../app/review/sessionMemory.ts';
import type { ReviewSession } from '../app/review/reviewSession.ts';
import { signatureOf, translateSegment, type RunContext } from '../app/translation/translateSegment.ts';
import { TranslationRun } from '../app/translation/translationRun.ts';
import { sameSignature } from '../app/translation/sameSignature.ts';
import { auxiliaryPair, wholeMatch } from '../app/translation/auxiliary.ts';
import { isDocumentMode, isFresh } from '../app/translation/documentContext.ts';
import { dryRun } from '../app/translation/dryRun.ts';
import { checkWish, type Wish } from '../app/translation/steering.ts';
import { isAbort, toAppError } from '../core/errors.ts';
import { sentenceFor } from '../messages.ts';
import type { ReviewTarget } from './review.ts';
import type { Services } from './services.ts';
import { readFolderSettings } from './settings.ts';
import { signalOf } from './signalOf.ts';

/** The translation of one review: starts, cancels, resumes, and puts the segment in focus first. */
export class TranslationJob implements vscode.Disposable {
  readonly #review: { readonly about: ReviewTarget };
  readonly #services: Services;
  #controller: AbortController | undefined;
  #run: TranslationRun | undefined;
  /** Of the last run: what a set made now would be made with. */
  #context: RunContext | undefined;
  memory: SessionMemory | undefined;
  #asking = new AbortController();
  #reranking = new AbortController();
  #finished: Promise<void> = Promise.resolve();

  constructor(review: { readonly about: ReviewTarget }, services: Services) {
    this.#review = review;
    this.#services = services;
  }

  /** Settles when no run is at work any more. */
  settled(): Promise<void> {
    return this.#finished;
  }

  /** Translates what has no candidates yet; a second call while one is at work does nothing. */
  async start(session: ReviewSession): Promise<void> {
    if (this.#controller !== undefined) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#finished = this.#work(session, controller.signal).finally(() => {
      this.#controller = undefined;
      this.#run = undefined;
    });
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Translating {0}', vscode.workspace.asRelativePath(this.#review.about.source, false)), cancellable: false },
      (progress) => this.#services.ranking.reporting(progress, () => this.#finished),
    );
  }

  /** Ranks what is there by the settings as they are now, once no run is at work; nothing is drawn again. A newer request replaces this one. */
  async rerank(session: ReviewSession): Promise<void> {
    this.#reranking.abort();
    this.#reranking = new AbortController();
    const { signal } = this.#reranking;
    await this.#finished;
    const title = vscode.l10n.t('Ranking {0}', vscode.workspace.asRelativePath(this.#review.about.source, false));
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, (progress) => this.#services.ranking.reporting(progress, async () => {
      const settings = await this.#services.ranking.prepare(readFolderSettings(this.#review.about.source).run.ranking, signal);
      await session.sets.rerank(settings, { signal, onProgress: ({ done, total }) => { progress.report({ message: vscode.l10n.t('{0} of {1} segments', done, total) }); } });
    }));
    session.setPhase(session.progress.phase, session.progress.message);
  }

  cancel(): void {
    this.#controller?.abort();
    this.#reranking.abort();
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  /** The reader is at this segment: it and the ones after it go first, and what has become stale among them is made anew. */
  async lookAt(session: ReviewSession, segment: string): Promise<void> {
    session.focus(segment);
    void this.#services.notifier.guard('memory', () => this.#recall(session, segment));
    const window = session.ahead(segment, readFolderSettings(this.#review.about.source).ahead);
    this.#run?.prioritise(window);
    const context = this.#context;
    if (context === undefined || !isDocumentMode(context)) return;
    const jobs = session.markStale(window, (set) => isFresh(context, set));
    if (jobs.length === 0) return;
    if (this.#run === undefined) await this.start(session);
    else this.#run.offer(jobs);
  }

  /** What was accepted since the segment was translated may be a match for it. */
  async #recall(session: ReviewSession, segment: string): Promise<void> {
    if (this.memory !== undefined) await session.sets.recall(segment, await this.memory.matches(segment));
  }

  /** Draws what a reviewer asks for, ahead of all that waits. Answers how many texts are new; undefined when it was cancelled. */
  async ask(session: ReviewSession, segment: string, wish: Wish): Promise<number | undefined> {
    const { signal } = this.#asking;
    const context = await this.#contextFor(session, signal);
    checkWish(context.description, wish);
    const job = session.asking.job(segment, wish);
    const { steering } = job;
    try {
      const set = await translateSegment(context, job, (candidates) => { session.asking.onArriving(segment, steering === undefined ? undefined : { steering, candidates }); }, signal);
      return await session.asking.onSet(set);
    } catch (thrown) {
      session.asking.onArriving(segment, undefined);
      if (isAbort(thrown)) return undefined;
      throw thrown;
    }
  }

  async dryRun(session: ReviewSession): Promise<void> {
    const title = vscode.l10n.t('Measuring on one segment');
    const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
      const signal = signalOf(token);
      return dryRun(await this.#contextFor(session, signal), session.pending(), () => performance.now(), signal);
    });
    if (found === undefined) {
      this.#services.notifier.info(vscode.l10n.t('Every segment has its candidates already.'));
      return;
    }
    const translate = vscode.l10n.t('Translate Now');
    const { segments, candidates, promptTokens, outputTokens, seconds, measured } = found;
    const text = vscode.l10n.t('{0} segments with {1} candidates each: about {2} tokens to read, {3} to write, {4} s ({5} tokens a second).',
      segments, candidates, promptTokens, outputTokens, Math.ceil(seconds), Math.round(measured.tokensPerSecond));
    if (await vscode.window.showInformationMessage(text, translate) === translate) await this.start(session);
  }

  dispose(): void {
    this.cancel();
  }

  async #contextFor(session: ReviewSession, signal: AbortSignal): Promise<RunContext> {
    const context = await this.#services.runContext(this.#review.about, signal);
    const { memory } = this;
    const { examples } = readFolderSettings(this.#review.about.source).memory;
    if (memory === undefined) return { ...context, earlier: (segment) => session.earlier(segment) };
    const pair = context.settings.auxiliary === 'memory' ? auxiliaryPair(this.#review.about.languages) : undefined;
    const related = pair && memory.inDirection(pair, wholeMatch);
    const remembered = {
      memory: { examples, matches: (segment: string, of: AbortSignal) => memory.matches(segment, of) },
      ...(related !== undefined && { auxiliary: (segment: string, of: AbortSignal) => related.matches(segment, of) }),
    };
    return { ...context, ...remembered, earlier: (segment) => session.earlier(segment) };
  }

  async #work(session: ReviewSession, signal: AbortSignal): Promise<void> {
    session.setPhase('loading');
    try {
      const context = await this.#contextFor(session, signal);
      await this.#translate(session, context, signal);
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) session.setPhase('cancelled');
      else {
        session.setPhase('failed', sentenceFor(toAppError(thrown, 'translation')));
        this.#services.notifier.failed(thrown, 'translation');
      }
    }
  }

  async #translate(session: ReviewSession, context: RunContext, signal: AbortSignal): Promise<void> {
    const wanted = signatureOf(context, '');
    const { ranking } = wanted;
    await session.sets.drop(({ signature }) => sameSignature({ ...signature, ranking }, wanted));
    await session.sets.rerank(ranking, { signal });
    this.#context = context;
    this.#run = new TranslationRun(context, session.pending(), session, readFolderSettings(this.#review.about.source).ahead);
    session.setPhase('translating');
    const result = await this.#run.run(signal);
    if (result.error !== undefined) throw result.error;
    if (result.cancelled) {
      session.setPhase('cancelled');
      return;
    }
    if (result.done > 0) await session.refineAligner();
    // Segments that failed alone are told of as well: nobody may be looking at them.
    if (result.failure !== undefined) throw session.named(result.failure);
    session.setPhase('done');
  }
}
