/** Turns commands and events into state, acts and frames. Knows no DOM: it speaks to a `ViewPort` and to the host. */
import type { AlignmentView, CandidateView, ReviewAct, ReviewSnapshot, SegmentView } from '../../src/protocol/review.ts';
import { Asker, messageOf } from './asker.ts';
import { foldAlike, unfolded, type Folded } from './folding.ts';
import { Leaving } from './leaving.ts';
import { ReviewModel, type Filter } from './model.ts';
import { Numbering } from './numbering.ts';
import { noRows, placeRows } from './rowOrder.ts';
import type { HostLink } from './hostLink.ts';
import { SentActs } from './sentActs.ts';
import { filledStatus } from './repeats.ts';
import { initialState, rowsAtOnce, type ViewPort, type ViewState } from './state.ts';
import { textsOf, type Texts } from './strings.ts';

/** An automatic focus younger than this was not seen: Enter then focuses and does not accept. Milliseconds. */
const unseenFor = 400;

export interface ControllerParts {
  readonly host: HostLink;
  readonly view: ViewPort;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Draws at the next frame: several events of one frame are one drawing. */
  readonly soon: (draw: () => void) => void;
  /** Runs something later; there is nothing to take back. */
  readonly later: (run: () => void, ms: number) => void;
}

export class ReviewController {
  readonly #parts: ControllerParts;
  #model: ReviewModel;
  #texts: Texts;
  #state = initialState;
  #shownSince = 0;
  #autoFocusedAt: number | undefined;
  /** The candidate that is to be aligned by spans, as long as it is looked at. */
  #spansFor: string | undefined;
  readonly #aligner: Asker<AlignmentView>;
  readonly #checker: Asker<ViewState['findings']>;
  readonly #numbering: Numbering;
  #drawSoon = false;
  readonly sentActs = new SentActs();
  readonly leaving: Leaving;

  constructor(parts: ControllerParts, snapshot: ReviewSnapshot) {
    this.#parts = parts;
    this.#model = new ReviewModel(snapshot);
    this.#texts = textsOf(snapshot.strings);
    this.#numbering = new Numbering(parts.later);
    this.leaving = new Leaving(parts.now);
    this.#aligner = new Asker({
      show: (view) => { this.#answered({ alignment: { state: 'ready', view } }); },
      failed: (message) => { this.#answered({ alignment: { state: 'failed', message } }); },
    });
    this.#checker = new Asker({
      show: (findings) => { this.#answered({ findings }); },
      failed: (message) => { this.say(message, 'error'); },
    });
    this.#focusWhere(undefined);
  }

  get state(): ViewState { return this.#state; }
  get model(): ReviewModel { return this.#model; }
  get texts(): Texts { return this.#texts; }
  get segment(): SegmentView | undefined { return this.#model.segment(this.#state.segment); }
  get view(): ViewPort { return this.#parts.view; }
  get host(): HostLink { return this.#parts.host; }

  get candidate(): CandidateView | undefined {
    return this.segment?.candidates.find((view) => view.hash === this.#state.candidate);
  }

  /** Draws at once: what a key caused is in the next frame. */
  draw(): void {
    this.#place();
    this.#align();
    this.#check();
    this.#parts.view.render({ model: this.#model, state: this.#state, texts: this.#texts });
  }

  drawSoon(): void {
    if (this.#drawSoon) return;
    this.#drawSoon = true;
    this.#parts.soon(() => {
      this.#drawSoon = false;
      this.draw();
    });
  }

  change(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
  }

  say(text: string, tone: 'info' | 'error' = 'info'): void {
    this.change({ status: { text, tone } });
  }

  /** The reviewer goes on by themselves: what was said of where they were is over. An error stays. */
  quiet(): void {
    if (this.#state.status?.tone === 'info') this.change({ status: undefined });
  }

  // Events of the host

  replaceSegment(segment: SegmentView): void {
    if (this.#model.replace(segment)) this.drawSoon();
  }

  setProgress(progress: ReviewModel['progress']): void {
    this.#model.progress = progress;
    this.drawSoon();
  }

  replaceSnapshot(snapshot: ReviewSnapshot): void {
    const before = this.segment;
    this.#parts.view.flushDraft();
    this.#model = new ReviewModel(snapshot);
    this.#texts = textsOf(snapshot.strings);
    if (this.segment === undefined) this.#focusWhere(before);
    this.draw();
  }

  // Focus

  #focusWhere(before: SegmentView | undefined): void {
    const id = this.#model.startAt(before?.number);
    if (id === undefined) this.change({ segment: undefined });
    else this.focusSegment(id);
  }

  focusSegment(id: string): void {
    if (id === this.#state.segment || this.#model.indexOf(id) === undefined) return;
    this.#parts.view.flushDraft();
    this.change({
      segment: id, candidate: undefined, rows: noRows, limit: rowsAtOnce, mode: 'list', alignment: { state: 'none' }, findings: {},
    });
    this.#shownSince = this.#parts.now();
    this.#autoFocusedAt = undefined;
    this.#parts.host.segmentFocus(id);
  }

  /** Moves by one segment within the filter. */
  stepSegment(step: 1 | -1): void {
    this.quiet();
    const shown = this.#model.filtered(this.#state.filter, this.#state.segment);
    const here = this.#state.segment === undefined ? undefined : this.#model.indexOf(this.#state.segment);
    const position = here === undefined ? -1 : shown.indexOf(here);
    const next = shown[position + step];
    const id = next === undefined ? undefined : this.#model.at(next)?.id;
    if (id !== undefined) this.focusSegment(id);
  }

  focusCandidate(hash: string): void {
    this.#autoFocusedAt = undefined;
    if (hash !== this.#state.candidate) this.change({ candidate: hash, alignment: { state: 'none' } });
    this.change({ status: undefined });
  }

  stepCandidate(step: 1 | -1): void {
    const { order } = this.#state.rows;
    const position = this.#state.candidate === undefined ? -1 : order.indexOf(this.#state.candidate);
    const next = order[Math.max(0, position + step)];
    if (next === undefined) return;
    if (position + step >= this.#state.limit) this.change({ limit: this.#state.limit + rowsAtOnce });
    this.focusCandidate(next);
    this.draw();
    this.#parts.view.revealCandidate(next);
  }

  setFilter(filter: Filter): void {
    this.change({ filter });
  }

  goOn(): void {
    const next = this.#model.nextUnreviewed(this.#state.segment);
    if (next === undefined) this.say(this.#texts('status.noUnreviewed'));
    else this.focusSegment(next);
  }

  /** True while the focus came by itself a moment ago: nobody has read that candidate yet. */
  get focusUnseen(): boolean {
    return this.#autoFocusedAt !== undefined && this.#parts.now() - this.#autoFocusedAt < unseenFor;
  }

  // Acts

  /** Shows an act at once and sends it; a failure takes it back and says why. */
  act(what: ReviewAct, done: string): void {
    const segment = this.segment;
    if (segment === undefined) return;
    this.sentActs.sent(segment.id, what);
    this.say(done);
    this.#send(segment.id, what);
  }

  undo(): void {
    const target = this.sentActs.takeNewest() ?? this.#state.segment;
    if (target !== undefined) this.#send(target, { act: 'undo' });
  }

  /** Keeps a draft with the host and shows it; an empty text discards it. */
  saveDraft(id: string, text: string): void {
    const index = this.#model.indexOf(id);
    const segment = index === undefined ? undefined : this.#model.at(index);
    if (segment === undefined || (segment.draft ?? '') === text) return;
    const { draft: _, ...rest } = segment;
    this.#model.replace(text === '' ? rest : { ...rest, draft: text });
    this.#parts.host.saveDraft(id, text).catch((reason: unknown) => {
      this.say(this.#texts('status.failed', { number: segment.number, message: messageOf(reason) }), 'error');
      this.drawSoon();
    });
    this.drawSoon();
  }

  #send(id: string, what: ReviewAct): void {
    const token = this.#model.begin(id, what);
    const { rows, limit } = this.#state;
    const order = id === this.#state.segment ? rows.order.slice(0, limit) : [];
    const elapsedMs = Math.round(this.#parts.now() - this.#shownSince);
    this.#parts.host.act({ segment: id, order, elapsedMs, what }).then(
      (segment) => { this.#settled(id, token, what, segment); },
      (reason: unknown) => { this.#failed(id, token, what, reason); },
    );
  }

  #settled(id: string, token: number, what: ReviewAct, segment: SegmentView): void {
    this.#model.settle(id, token);
    this.#model.replace(segment);
    if (what.act === 'undo') {
      this.focusSegment(segment.id);
      this.say(this.#texts('status.undone', { number: segment.number }));
    }
    this.change({ status: filledStatus(what, segment, this) ?? this.#state.status });
    this.drawSoon();
  }

  #failed(id: string, token: number, what: ReviewAct, reason: unknown): void {
    this.#model.settle(id, token);
    this.sentActs.failed(this, id, what);
    const number = this.#model.segment(id)?.number ?? '';
    this.say(this.#texts('status.failed', { number, message: messageOf(reason) }), 'error');
    this.drawSoon();
  }

  // Rows and alignment follow the state at each drawing

  #place(): void {
    const segment = this.segment;
    if (segment === undefined) return;
    let { candidate } = this.#state;
    if (candidate !== undefined && !segment.candidates.some(({ hash }) => hash === candidate)) candidate = undefined;
    const { order: wanted, alike } = this.#fold(segment, candidate);
    const existing = segment.candidates.find((view) => view.existing)?.hash;
    const numbered = this.#numbering.may(segment, () => { this.drawSoon(); });
    const rows = placeRows(this.#state.rows, wanted, { pinned: candidate, existing, numbered });
    if (candidate === undefined && segment.state !== 'translating') {
      candidate = wanted.find((hash) => hash === segment.acceptedCandidate) ?? wanted[0];
      const streamed = this.#state.rows.order.length > 0;
      if (candidate !== undefined && streamed) this.#autoFocusedAt = this.#parts.now();
    }
    this.change({ rows, candidate, alike });
  }

  /** Not where it is judged blind: how many are alike says something about counts. */
  #fold({ id, candidates, acceptedCandidate }: SegmentView, focused: string | undefined): Folded {
    if (this.#state.unfolded || this.#model.isBlind(id)) return unfolded(candidates);
    return foldAlike(candidates, [acceptedCandidate, focused].filter((hash) => hash !== undefined).concat(this.#state.rows.order));
  }

  /** Once for the candidate in focus: it takes a while. */
  alignBySpans(): void {
    const { segment, candidate } = this.#state;
    this.#spansFor = `${segment ?? ''}\n${candidate ?? ''}`;
    this.change({ heatmap: true });
  }

  #align(): void {
    const { segment, candidate } = this.#state;
    const pair = segment === undefined || candidate === undefined ? '' : `${segment}\n${candidate}`;
    if (pair !== this.#spansFor) this.#spansFor = undefined;
    const by = this.#spansFor === undefined ? undefined : 'spans';
    const known = segment !== undefined && candidate !== undefined;
    const ask = known ? (signal: AbortSignal) => this.#parts.host.alignment({ segment, candidate, ...(by !== undefined && { by }) }, signal) : undefined;
    if (this.#aligner.turnTo(by === undefined ? pair : `${pair}\n${by}`, ask) && known) this.change({ alignment: { state: 'loading' } });
  }

  #check(): void {
    const { id, candidates, terms } = this.segment ?? { id: '', candidates: [] };
    const ask = candidates.length === 0 ? undefined : (signal: AbortSignal) => this.#parts.host.findings(id, signal);
    this.#checker.turnTo([id, JSON.stringify(terms), ...candidates.map(({ hash }) => hash)].join('\n'), ask);
  }

  #answered(change: Partial<ViewState>): void {
    this.change(change);
    this.drawSoon();
  }
}
