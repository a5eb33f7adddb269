/** What was decided about the segment: the accepted text, a kept draft, and the question when the document says otherwise. */
import type { SegmentView } from '../../src/protocol/review.ts';
import { el, show, textEl } from '../components/dom.ts';
import { button } from '../components/toolkit.ts';
import { diffText } from './diffLine.ts';
import { keysOf } from './keyNames.ts';
import { repeatLines } from './repeats.ts';
import type { Frame, ViewActions } from './state.ts';
import { translationLine } from './translationLine.ts';

export class TranslationPanel {
  readonly node = el('section', 'translation');
  readonly #actions: ViewActions;
  readonly #lines = el('div', 'translation-lines');
  readonly #question = el('div', 'difference', { role: 'group' });
  #drawn: readonly unknown[] = [];

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.node.append(this.#lines, this.#question);
  }

  update(segment: SegmentView, frame: Frame): void {
    const now = [segment, frame.texts, frame.state.mode, frame.state.signs];
    if (now.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = now;
    const lines = decided(segment, frame);
    show(this.#lines, lines.length > 0);
    this.#lines.replaceChildren(...lines);
    show(this.#question, segment.difference !== undefined);
    show(this.node, lines.length > 0 || segment.difference !== undefined);
    this.#question.replaceChildren();
    if (segment.difference !== undefined) this.#ask(segment.difference, frame);
  }

  #ask(difference: { readonly accepted: string; readonly inDocument: string }, frame: Frame): void {
    const { texts } = frame;
    this.#question.setAttribute('aria-label', texts('difference.title'));
    const diff = diffText(difference.accepted, difference.inDocument, frame);
    diff.classList.add('difference-text');
    const buttons = el('div', 'difference-buttons');
    for (const choice of ['recordEdit', 'recordAccept', 'revert'] as const) {
      const kind = choice === 'recordEdit' ? 'primary' : 'secondary';
      const node = button(texts(`difference.${choice}`), kind, () => { this.#actions.command(choice); });
      const keys = keysOf(frame, choice);
      if (keys.length > 0) node.title = keys.join(', ');
      buttons.append(node);
    }
    this.#question.append(
      textEl('strong', 'difference-title', texts('difference.title')),
      textEl('span', 'difference-why', texts('difference.why')),
      diff,
      buttons,
    );
  }
}

/** One line for the accepted text where no row shows it, and one for a draft that waits. */
function decided(segment: SegmentView, frame: Frame): HTMLElement[] {
  const lines: HTMLElement[] = [];
  const { texts, state } = frame;
  const inRow = segment.review === 'accepted' && segment.candidates.some((view) => view.hash === segment.acceptedCandidate);
  if (segment.review === 'allBad') lines.push(textEl('div', 'translation-line', texts('translation.allBad')));
  if (segment.accepted !== undefined && !inRow && (segment.review === 'accepted' || segment.review === 'edited')) {
    const label = segment.review === 'edited' ? 'translation.edited' : 'translation.accepted';
    lines.push(translationLine(texts(label), segment.accepted, frame, 'good'));
  }
  lines.push(...repeatLines(segment, frame));
  if (segment.draft !== undefined && state.mode !== 'edit') lines.push(translationLine(texts('translation.draft'), segment.draft, frame, 'warn'));
  return lines;
}
