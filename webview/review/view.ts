/** Puts the parts of the page together and answers what the controller asks of it. */
import { el, show } from '../components/dom.ts';
import type { Side } from '../components/matrixWindow.ts';
import { Agreement } from './agreement.ts';
import { CandidateList } from './candidateList.ts';
import { CriticPanel } from './criticPanel.ts';
import { Explanation } from './explanation.ts';
import { FindingsPanel } from './findings.ts';
import { Footer } from './footer.ts';
import { Header } from './header.ts';
import { Help } from './help.ts';
import type { Place } from './keyGate.ts';
import { RankingPanel } from './rankingPanel.ts';
import { RevisionPanel } from './revisionPanel.ts';
import { SegmentList } from './segmentList.ts';
import { SourceView } from './sourceView.ts';
import type { Frame, ViewActions, ViewPort } from './state.ts';
import { finishedMessage, messageOf, StateMessage } from './stateMessage.ts';
import { TextPanel } from './textPanel.ts';
import { TranslationPanel } from './translationPanel.ts';

export class ReviewView implements ViewPort {
  readonly node = el('div', 'review');
  readonly #header: Header;
  readonly #segments: SegmentList;
  readonly #source = new SourceView();
  readonly #translation: TranslationPanel;
  readonly #revision: RevisionPanel;
  readonly #findings: FindingsPanel;
  readonly #text: TextPanel;
  readonly #candidates: CandidateList;
  readonly #message: StateMessage;
  readonly #finished: StateMessage;
  readonly #explanation: Explanation;
  readonly #footer = new Footer();
  readonly #ranking: RankingPanel;
  readonly #agreement: Agreement;
  readonly #critic: CriticPanel;
  readonly #help: Help;
  #wasText = false;

  constructor(actions: ViewActions) {
    this.#header = new Header(actions);
    this.#segments = new SegmentList(actions);
    this.#translation = new TranslationPanel(actions);
    this.#revision = new RevisionPanel(actions);
    this.#findings = new FindingsPanel(actions);
    this.#text = new TextPanel(actions);
    this.#candidates = new CandidateList(actions);
    this.#message = new StateMessage(actions);
    this.#finished = new StateMessage(actions);
    this.#help = new Help(actions);
    this.#ranking = new RankingPanel(actions);
    this.#agreement = new Agreement(actions.ranking);
    this.#critic = new CriticPanel(actions.ranking);
    this.#explanation = new Explanation({
      source: this.#source.text,
      target: () => this.#candidates.rowOf(this.#focused)?.text,
      say: (text) => { this.#footer.say(text); },
      leave: () => { this.focusList(); },
    });
    const desk = el('main', 'desk');
    desk.append(
      this.#ranking.node, this.#finished.node, this.#source.node, this.#findings.node, this.#revision.node, this.#translation.node, this.#text.node,
      this.#candidates.node, this.#message.node, this.#explanation.node, this.#critic.node, this.#agreement.node,
    );
    const body = el('div', 'body');
    body.append(this.#segments.node, desk);
    this.node.append(this.#header.node, body, this.#footer.node, this.#help.node);
  }

  #focused: string | undefined;

  mount(parent: HTMLElement): void {
    parent.append(this.node);
    this.#segments.mount();
  }

  render(frame: Frame): void {
    const { model, state } = frame;
    const segment = model.segment(state.segment);
    this.#focused = state.candidate;
    this.#header.update(frame);
    this.#segments.update(frame);
    for (const node of [this.#source.node, this.#candidates.node]) show(node, segment !== undefined);
    if (segment === undefined) show(this.#translation.node, false);
    else {
      this.#source.update(segment, frame);
      this.#translation.update(segment, frame);
    }
    this.#findings.update(segment, frame);
    this.#revision.update(segment, frame);
    this.#text.update(frame);
    this.#ranking.update(frame);
    this.#candidates.update(segment, frame);
    this.#message.update(messageOf(segment, frame), frame);
    this.#finished.update(finishedMessage(frame), frame);
    this.#explanation.update(frame);
    this.#critic.update(frame);
    this.#agreement.update(frame);
    this.#footer.update(frame);
    this.#help.update(frame);
    if (this.#wasText && state.mode === 'list' && !state.help) this.focusList();
    this.#wasText = state.mode !== 'list';
  }

  isFullyShown(hash: string): boolean {
    return this.#candidates.isFullyShown(hash);
  }

  revealCandidate(hash: string): void {
    this.#candidates.reveal(hash);
  }

  openText(mode: 'edit' | 'comment', segment: string, text: string): void {
    this.#text.open(mode, segment, text);
  }

  flushDraft(): void {
    this.#text.flush();
  }

  dropText(): void {
    this.#text.drop();
  }

  focusList(): void {
    this.#candidates.node.focus({ preventScroll: true });
  }

  selectedText(): string {
    return (this.#text.selected ?? document.getSelection()?.toString() ?? '').trim();
  }

  inSegmentList(): boolean {
    return document.activeElement === this.#segments.list;
  }

  /** Where the keyboard is: single keys are commands only in the lists. */
  place(): Place {
    const active = document.activeElement;
    if (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) return 'text';
    return active === this.#candidates.node || active === this.#segments.list ? 'list' : 'elsewhere';
  }

  typeText(text: string): void {
    this.#text.type(text);
  }

  /** As `typeText`, and the field has the keyboard from then on. */
  insertText(text: string): void {
    this.#text.type(text);
    this.#text.focus();
  }

  /** What stands in the text field. */
  writtenText(): string {
    return this.#text.written;
  }

  eraseText(): void {
    this.#text.erase();
  }

  say(text: string): void {
    this.#footer.say(text);
  }

  /** Moves the word caret; the neighbour's neighbours light up in the other text. */
  stepWord(side: Side, by: 1 | -1): void {
    this.#explanation.step(side, by);
  }
}
