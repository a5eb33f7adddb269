/** Entry of the review webview: asks the host for the state, draws it, and joins keys, commands and events. */
import { Channel } from '../../src/protocol/channel.ts';
import { reviewCommands, type ReviewCommand, type ReviewHostContract, type ReviewSnapshot, type ReviewViewContract } from '../../src/protocol/review.ts';
import { el, textEl } from '../components/dom.ts';
import { pageHost, type PageHost } from '../components/pageHost.ts';
import { progressRing, registerControls } from '../components/toolkit.ts';
import { addComment, choose, confirmEdit, dismiss, runCommand, textCommands } from './commands.ts';
import { ReviewController } from './controller.ts';
import { HostLink } from './hostLink.ts';
import { keepFocus } from './keepFocus.ts';
import { commandId } from './keyNames.ts';
import { ListKeys } from './keys.ts';
import type { GateKey, Resolution } from './keyGate.ts';
import { OwnKeys } from './ownKeys.ts';
import type { ViewActions } from './state.ts';
import { reviewStrings } from '../../src/protocol/reviewStrings.ts';
import { afterPaint } from './timing.ts';
import { ReviewView } from './view.ts';
import './review.css';

/** Commands that a held key may repeat: walking. A held Enter judges once. */
const repeatable: ReadonlySet<ReviewCommand> = new Set(['nextSegment', 'previousSegment', 'nextUnreviewed', 'nextCandidate', 'previousCandidate']);

type Answer = Extract<Resolution, { readonly kind: 'act' }>;

class Page {
  readonly #api: PageHost<{ readonly source: string }>;
  readonly #host: HostLink;
  readonly #view: ReviewView;
  readonly #keys: ListKeys;
  #review: ReviewController | undefined;
  #listFocused: boolean | undefined;
  #own: OwnKeys | undefined;
  /** Since when VS Code looks keys of the list up, on the clock of events: until then they are run here. */
  #lookedUpSince = Infinity;
  #firstCandidate = false;

  constructor() {
    this.#api = pageHost();
    const channel = new Channel<ReviewViewContract, ReviewHostContract>({
      name: 'review',
      port: this.#api.port,
      handlers: { insert: ({ text }) => this.#insert(text) },
      listeners: {
        command: ({ command }) => { this.#command(command); },
        segment: (segment) => {
          this.#host.changed(segment);
          this.#review?.replaceSegment(segment);
        },
        goTo: ({ segment }) => { this.#goTo(segment); },
        progress: (progress) => { this.#review?.setProgress(progress); },
        snapshot: (snapshot) => { void this.#take(snapshot); },
      },
    });
    this.#host = new HostLink(channel);
    this.#view = new ReviewView(this.#actions());
    this.#keys = new ListKeys({
      place: () => this.#view.place(),
      typeText: (text) => { this.#view.typeText(text); },
      eraseText: () => { this.#view.eraseText(); },
      isBound: (key) => this.#own?.commandOf(key) !== undefined,
      onLocalKey: (key) => { this.#localKey(key); },
      runUnlookedUp: (key) => this.#lookedUpSince === Infinity && this.#runHere(key),
      mayRepeat: (key) => this.#mayRepeat(key),
      onPlace: () => { this.#tellPlace(); },
      isLeaving: () => this.#review?.leaving.isUnderWay === true,
    });
  }

  async start(): Promise<void> {
    const waiting = connecting();
    document.body.append(waiting);
    await this.#take(await this.#host.ready());
    waiting.remove();
  }

  async #take(snapshot: ReviewSnapshot): Promise<void> {
    const whole = await this.#host.complete(snapshot);
    if (whole === undefined) return;
    if (this.#review === undefined) this.#begin(whole);
    else this.#review.replaceSnapshot(whole);
  }

  #begin(snapshot: ReviewSnapshot): void {
    this.#api.keep({ source: snapshot.source });
    this.#own = new OwnKeys({
      contributed: ({ names }) => reviewCommands.filter((command) => snapshot.keys[commandId(command)]?.some((key) => names.includes(key)) === true),
      known: snapshot.ownKeys ?? {},
      learned: (own) => { this.#host.ownKey(own); },
    });
    this.#view.mount(document.body);
    this.#review = new ReviewController({
      host: this.#host,
      view: this.#view,
      now: () => performance.now(),
      soon: (draw) => {
        requestAnimationFrame(() => {
          draw();
          this.#timeFirstCandidate();
        });
      },
      later: (run, ms) => { window.setTimeout(run, ms); },
    }, snapshot);
    this.#keys.attach();
    keepFocus(() => { this.#view.focusList(); });
    this.#review.draw();
    this.#timeFirstCandidate();
    // A tab that comes back by itself must not take the keyboard from the palette; one that was opened has it.
    if (document.hasFocus()) this.#view.focusList();
    this.#tellPlace();
    window.addEventListener('pagehide', () => { this.#view.flushDraft(); });
    // A click beside the controls must not leave the keyboard nowhere.
    document.addEventListener('click', () => {
      if (document.activeElement === document.body) this.#view.focusList();
    });
  }

  #command(command: ReviewCommand): void {
    const review = this.#review;
    if (review === undefined || !reviewCommands.includes(command)) return;
    const resolution = this.#keys.gate.resolve((key) => this.#own?.mayRun(key, command) === true);
    if (resolution.kind === 'act') this.#learn(command, resolution);
    if (resolution.kind === 'claimed' || (this.#view.place() === 'text' && !textCommands.has(command))) return;
    runCommand(review, command);
    const { key } = resolution;
    if (key !== undefined) this.#timePaint('keyToPaint', key.at);
    this.#keys.gate.settle();
  }

  /** What VS Code was given before it looked keys up says nothing of them. */
  #learn(command: ReviewCommand, { key, sure, skipped }: Answer): void {
    for (const other of skipped) if (other.at >= this.#lookedUpSince) this.#own?.unanswered(other);
    if (key !== undefined && sure && key.at >= this.#lookedUpSince) this.#own?.answered(key, command);
  }

  #insert(text: string): boolean {
    if (this.#review?.state.mode !== 'edit') return false;
    this.#view.insertText(text);
    return true;
  }

  #goTo(segment: string): void {
    const review = this.#review;
    if (review === undefined) return;
    review.focusSegment(segment);
    runCommand(review, 'focusList');
  }

  #actions(): ViewActions {
    const then = (act: (review: ReviewController) => void): void => {
      if (this.#review === undefined) return;
      act(this.#review);
      this.#review.draw();
    };
    return {
      focusSegment: (id) => {
        then((review) => {
          review.quiet();
          review.focusSegment(id);
        });
      },
      focusCandidate: (hash) => { then((review) => { review.focusCandidate(hash); }); },
      command: (command) => { then((review) => { runCommand(review, command); }); },
      choose: (hash) => { then((review) => { choose(review, hash); }); },
      dismiss: (findings) => { then((review) => { dismiss(review, findings); }); },
      setFilter: (filter) => { then((review) => { review.setFilter(filter); }); },
      run: (command) => { this.#host.run(command); },
      confirmText: (mode, text) => {
        then((review) => { (mode === 'edit' ? confirmEdit : addComment)(review, text); });
      },
      closeText: () => { then((review) => { review.change({ mode: 'list' }); }); },
      saveDraft: (segment, text) => { this.#review?.saveDraft(segment, text); },
      say: (text) => { then((review) => { review.say(text); }); },
      ranking: this.#host,
    };
  }

  /** Left and right move the word caret; Escape closes what is open, then leaves the view. */
  #localKey(key: string): void {
    const review = this.#review;
    if (review === undefined) return;
    const { dir } = review.model.snapshot.targetLanguage;
    const forward = dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (key === 'ArrowLeft' || key === 'ArrowRight') this.#view.stepWord('target', key === forward ? 1 : -1);
    else if (key !== 'Escape') return;
    else if (review.state.heatmap) runCommand(review, 'toggleHeatmap');
    else if (review.state.critic) runCommand(review, 'toggleCritic');
    else if (review.state.agreement) runCommand(review, 'toggleAgreement');
    else this.#host.run('leave');
  }

  /** Tells the host whether single keys are commands now. */
  #tellPlace(): void {
    if (!document.hasFocus()) this.#review?.leaving.stop();
    const focused = document.hasFocus() && this.#view.place() === 'list';
    if (focused === this.#listFocused) return;
    this.#listFocused = focused;
    this.#lookedUpSince = Infinity;
    this.#host.listFocus(focused).then(
      () => { if (focused && this.#listFocused === true) this.#lookedUpSince = performance.now(); },
      () => { this.#listFocused = undefined; },
    );
  }

  /** Runs the command that VS Code would run for this key, if that is one of ours. */
  #runHere(key: GateKey): boolean {
    const command = this.#own?.commandOf(key);
    if (this.#review === undefined || command === undefined) return false;
    runCommand(this.#review, command);
    this.#timePaint('keyToPaint', key.at);
    return true;
  }

  #mayRepeat(key: GateKey): boolean {
    const command = this.#own?.commandOf(key);
    return command !== undefined && repeatable.has(command);
  }

  #timeFirstCandidate(): void {
    if (this.#firstCandidate || (this.#review?.segment?.candidates.length ?? 0) === 0) return;
    this.#firstCandidate = true;
    this.#timePaint('firstCandidate', 0);
  }

  /** What was caused at `since` is painted soon: how long that took is in the host's log, and a measure of this page. */
  #timePaint(name: 'keyToPaint' | 'firstCandidate', since: number): void {
    afterPaint(() => { this.#host.timing(name, performance.measure(name, { start: since, end: performance.now() }).duration); });
  }
}

/** What stands here until the host has sent the state, and with it the texts. */
function connecting(): HTMLElement {
  const node = el('div', 'message connecting', { role: 'status' });
  const words = el('div', 'message-words');
  words.append(
    textEl('strong', 'message-title', reviewStrings['connecting.title']),
    textEl('span', 'message-hint', reviewStrings['connecting.hint']),
  );
  node.append(progressRing(), words);
  return node;
}

registerControls();
void new Page().start();
