/** The keys that matter most, and the line in which acts and errors are said (and read out). */
import type { ReviewCommand } from '../../src/protocol/review.ts';
import { el, setText, textEl } from '../components/dom.ts';
import { keysOf } from './keyNames.ts';
import type { Frame } from './state.ts';
import type { StringKey, Texts } from './strings.ts';

/** What does not fit into the line is cut: all of them stand behind the first. */
const hints: readonly (readonly [StringKey, readonly ReviewCommand[]])[] = [
  ['footer.keys', ['help']],
  ['footer.accept', ['accept1', 'accept9']],
  ['footer.acceptFocused', ['acceptFocused']],
  ['footer.reject', ['reject']],
  ['footer.allBad', ['allBad']],
  ['footer.edit', ['edit']],
  ['footer.diff', ['toggleDiff']],
  ['footer.heatmap', ['toggleHeatmap']],
  ['footer.undo', ['undo']],
  ['footer.segment', ['nextSegment', 'previousSegment']],
  ['footer.next', ['nextUnreviewed']],
];

export class Footer {
  readonly node = el('footer', 'footer');
  readonly #status = el('div', 'status', { role: 'status', 'aria-live': 'polite' });
  readonly #hints = el('div', 'hints', { 'aria-hidden': 'true' });
  readonly #spoken = el('div', 'visually-hidden', { 'aria-live': 'polite' });
  #texts: Texts | undefined;
  #progress: string | undefined;

  constructor() {
    this.node.append(this.#status, this.#hints, this.#spoken);
  }

  update(frame: Frame): void {
    const { status } = frame.state;
    setText(this.#status, status?.text ?? '');
    this.#status.classList.toggle('error', status?.tone === 'error');
    this.#sayProgress(frame);
    if (frame.texts === this.#texts) return;
    this.#texts = frame.texts;
    this.#hints.replaceChildren(...hints.flatMap(([text, commands]) => hint(frame, text, commands)));
  }

  /** A tenth of the way at a time: a reader that says every number says nothing. What was so when the review was opened is no news. */
  #sayProgress({ model: { progress }, texts }: Frame): void {
    const { phase, done, total } = progress;
    const step = total === 0 ? 0 : Math.floor((done / total) * 10);
    const isNews = this.#progress !== undefined || phase === 'loading' || phase === 'translating';
    const now = `${phase} ${String(step)}`;
    if (now === this.#progress) return;
    this.#progress = now;
    if (isNews && phase !== 'idle') this.say(texts(`progress.${phase}`, { done: phase === 'translating' ? Math.round((step * total) / 10) : done, total }));
  }

  /** Read out, not shown. */
  say(text: string): void {
    setText(this.#spoken, text);
  }
}

function hint(frame: Frame, text: StringKey, commands: readonly ReviewCommand[]): HTMLElement[] {
  const keys = commands.flatMap((command) => keysOf(frame, command)[0] ?? []);
  if (keys.length === 0) return [];
  const node = el('span', 'hint');
  node.append(textEl('kbd', '', keys.join(text === 'footer.accept' ? '–' : '/')), frame.texts(text));
  return [node];
}
