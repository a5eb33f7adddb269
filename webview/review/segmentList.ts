/** The segments at the left: state, number and the start of the source. */
import type { SegmentView } from '../../src/protocol/review.ts';
import { visibleControls } from '../../src/core/text/display.ts';
import { el, setAttribute, setLanguage, setText, show } from '../components/dom.ts';
import { VirtualList } from '../components/virtualList.ts';
import { hasWarning, isReviewed } from './model.ts';
import type { Frame, ViewActions } from './state.ts';
import type { StringKey } from './strings.ts';

const rowHeight = 28;
/** Characters of the source in a row: more than fits in any width that it gets. */
const excerptLength = 160;

interface Mark {
  readonly glyph: string;
  readonly key: StringKey;
  readonly tone: string;
}

export class SegmentList {
  readonly node = el('nav', 'segments');
  readonly #actions: ViewActions;
  readonly #list: VirtualList;
  readonly #empty = el('p', 'segments-empty');
  #frame: Frame | undefined;
  #shown: readonly number[] = [];
  #revealed: string | undefined;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.#list = new VirtualList({ rowHeight, draw: (row, index) => { this.#drawRow(row, index); } });
    this.#list.node.id = 'segments';
    this.node.append(this.#list.node, this.#empty);
  }

  get list(): HTMLElement {
    return this.#list.node;
  }

  mount(): void {
    this.#list.mount();
  }

  update(frame: Frame): void {
    const { model, state, texts } = frame;
    this.#frame = frame;
    this.#shown = model.filtered(state.filter, state.segment);
    setAttribute(this.#list.node, 'aria-label', texts('list.label'));
    show(this.#empty, this.#shown.length === 0);
    setText(this.#empty, this.#shown.length === 0 ? texts('list.empty') : '');
    this.#list.update(this.#shown.length);
    const here = state.segment === undefined ? undefined : model.indexOf(state.segment);
    const position = here === undefined ? -1 : positionOf(here, this.#shown);
    const reveal = `${state.segment ?? ''}\n${state.filter}`;
    if (position !== -1 && this.#revealed !== reveal) {
      this.#revealed = reveal;
      this.#list.reveal(position);
    }
    setAttribute(this.#list.node, 'aria-activedescendant', position === -1 ? undefined : this.#list.rowOf(position)?.id);
  }

  #drawRow(row: HTMLElement, position: number): void {
    const frame = this.#frame;
    const segment = frame?.model.at(this.#shown[position] ?? -1);
    if (frame === undefined || segment === undefined) return;
    const { state, texts, model } = frame;
    const current = segment.id === state.segment;
    if (row.firstChild === null) row.append(el('span', 'segment-mark', { 'aria-hidden': 'true' }), el('span', 'segment-number'), el('span', 'segment-text'));
    const [glyph, number, text] = row.children;
    if (!(glyph instanceof HTMLElement) || !(number instanceof HTMLElement) || !(text instanceof HTMLElement)) return;
    const mark = markOf(segment);
    row.id = `segment-${String(segment.number)}`;
    row.classList.toggle('current', current);
    row.classList.toggle('done', isReviewed(segment));
    setAttribute(row, 'aria-selected', String(current));
    glyph.dataset['tone'] = mark.tone;
    setText(glyph, mark.glyph);
    setText(number, String(segment.number));
    setLanguage(text, model.snapshot.sourceLanguage);
    const excerpt = visibleControls(segment.source.slice(0, excerptLength).replace(/\s+/gu, ' '));
    setText(text, excerpt);
    const states = [texts(mark.key), segment.draft === undefined ? '' : texts('state.draft')].filter((word) => word !== '');
    setAttribute(row, 'aria-label', `${String(segment.number)}, ${states.join(', ')}, ${excerpt}`);
    row.classList.toggle('draft', segment.draft !== undefined);
    row.onclick = () => { this.#actions.focusSegment(segment.id); };
  }
}

/** In an ascending list; -1 where it is not there. */
function positionOf(index: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === index ? low : -1;
}

function markOf(segment: SegmentView): Mark {
  if (hasWarning(segment)) return { glyph: '!', key: 'state.warning', tone: 'warn' };
  if (isReviewed(segment)) return { glyph: '✓', key: 'state.reviewed', tone: 'good' };
  if (segment.review === 'filled') return { glyph: '◐', key: 'state.filled', tone: 'info' };
  return { glyph: '○', key: 'state.unreviewed', tone: 'quiet' };
}
