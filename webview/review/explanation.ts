/**
 * How source and candidate hang together: linked highlighting of the word at the caret or under the pointer, in both texts
 * and in the heatmap, which is drawn when it is opened.
 */
import type { AlignmentView } from '../../src/protocol/review.ts';
import { el, setAttribute, setText, show } from '../components/dom.ts';
import { Heatmap, type Caret } from '../components/heatmap.ts';
import { cellAt, linkedTokens, type Side } from '../components/matrixWindow.ts';
import { matrixTable } from '../components/matrixTable.ts';
import { onThemeChange } from '../components/themeColours.ts';
import type { Mark, TokenText } from '../components/tokenText.ts';
import type { Frame } from './state.ts';

const nowhere: Caret = { source: undefined, target: undefined };
/** From this probability on a link is shown strongly. */
const strongFrom = 0.4;

export interface ExplanationParts {
  readonly source: TokenText;
  readonly target: () => TokenText | undefined;
  readonly say: (text: string) => void;
  readonly leave: () => void;
}

export class Explanation {
  readonly node = el('section', 'heatmap');
  readonly #parts: ExplanationParts;
  readonly #title = el('h2', 'heatmap-title');
  readonly #note = el('span', 'heatmap-note', { id: 'heatmap-note' });
  readonly #scroller = el('div', 'heatmap-scroller');
  readonly #table = el('div', 'heatmap-table');
  readonly #heatmap: Heatmap;
  #caret: Caret = nowhere;
  #pointer: Caret | undefined;
  #alignment: AlignmentView | undefined;
  #frame: Frame | undefined;
  #tabled: string | undefined;
  #hooked: TokenText | undefined;

  constructor(parts: ExplanationParts) {
    this.#parts = parts;
    this.#heatmap = new Heatmap((cell) => { this.#point(cell); });
    const head = el('div', 'heatmap-head');
    head.append(this.#title, this.#note);
    this.#scroller.append(this.#heatmap.node);
    this.node.append(head, this.#scroller, this.#table);
    this.#heatmap.node.setAttribute('aria-describedby', 'heatmap-note');
    this.#heatmap.node.addEventListener('keydown', (event) => { this.#key(event); });
    parts.source.onHover((index) => { this.#point(index === undefined ? undefined : { source: index, target: undefined }); });
    onThemeChange(() => { this.#draw(); });
    new ResizeObserver(() => { this.#draw(); }).observe(this.node);
  }

  update(frame: Frame): void {
    const { state } = frame;
    const alignment = state.alignment.state === 'ready' ? state.alignment.view : undefined;
    if (alignment !== this.#alignment) {
      this.#alignment = alignment;
      this.#caret = nowhere;
      this.#pointer = undefined;
    }
    this.#frame = frame;
    this.#hook(this.#parts.target());
    this.#paint();
  }

  /** Moves the caret by words: sideways over the candidate, upright over the source. */
  step(side: Side, by: 1 | -1): void {
    const alignment = this.#alignment;
    if (alignment === undefined) return;
    const length = alignment[side].length;
    const at = this.#caret[side];
    const next = at === undefined ? (by === 1 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, at + by));
    const other: Side = side === 'source' ? 'target' : 'source';
    const linked = linkedTokens(alignment.probabilities, side, next)[0]?.index;
    const kept = document.activeElement === this.#heatmap.node ? this.#caret[other] ?? linked : undefined;
    this.#caret = side === 'source' ? { source: next, target: kept } : { source: kept, target: next };
    this.#pointer = undefined;
    this.#paint();
    this.#announce(alignment, side, next, linked);
  }

  #hook(target: TokenText | undefined): void {
    if (target === this.#hooked) return;
    this.#hooked?.mark(new Map());
    this.#hooked?.onHover(() => undefined);
    this.#hooked = target;
    target?.onHover((index) => { this.#point(index === undefined ? undefined : { source: undefined, target: index }); });
  }

  #point(caret: Caret | undefined): void {
    const now = this.#pointer;
    if (caret?.source === now?.source && caret?.target === now?.target) return;
    this.#pointer = caret;
    this.#paint();
  }

  #paint(): void {
    this.#highlight();
    this.#draw();
  }

  #highlight(): void {
    const { source, target } = this.#pointer ?? this.#caret;
    const marks = { source: new Map<number, Mark>(), target: new Map<number, Mark>() };
    const alignment = this.#alignment;
    if (alignment !== undefined) {
      for (const [side, index] of [['source', source], ['target', target]] as const) {
        if (index === undefined) continue;
        const other = side === 'source' ? marks.target : marks.source;
        for (const link of linkedTokens(alignment.probabilities, side, index)) {
          other.set(link.index, link.p >= strongFrom ? 'strong' : 'weak');
        }
      }
      if (source !== undefined) marks.source.set(source, 'caret');
      if (target !== undefined) marks.target.set(target, 'caret');
    }
    this.#parts.source.mark(marks.source);
    this.#hooked?.mark(marks.target);
  }

  #draw(): void {
    const frame = this.#frame;
    if (frame === undefined) return;
    const { state, texts, model } = frame;
    show(this.node, state.heatmap && state.candidate !== undefined);
    if (this.node.hidden || state.candidate === undefined) return;
    const title = texts('heatmap.label', { key: state.rows.digits.get(state.candidate) ?? '' });
    setText(this.#title, title);
    const alignment = this.#alignment;
    show(this.#scroller, alignment !== undefined);
    show(this.#table, alignment !== undefined);
    if (alignment === undefined) {
      this.#tabled = undefined;
      setText(this.#note, state.alignment.state === 'failed' ? texts('heatmap.failed', { message: state.alignment.message }) : texts('heatmap.loading'));
      return;
    }
    const { sourceLanguage, targetLanguage } = model.snapshot;
    this.#heatmap.draw({
      alignment,
      caret: this.#pointer ?? this.#caret,
      targetDir: targetLanguage.dir,
      sourceLang: sourceLanguage.tag,
      targetLang: targetLanguage.tag,
    });
    setText(this.#note, this.#noteText(alignment, frame));
    setAttribute(this.#heatmap.node, 'aria-label', `${title}. ${texts('heatmap.help')}`);
    this.#drawTable(alignment, title, frame);
  }

  #noteText(alignment: AlignmentView, { texts }: Frame): string {
    const notes = [alignment.aligner];
    if (alignment.confidence === 'low') notes.push(texts('heatmap.low'));
    const spans = [[this.#heatmap.rows, alignment.source.length], [this.#heatmap.columns, alignment.target.length]] as const;
    for (const [span, total] of spans) {
      if (span.end - span.start < total) notes.push(texts('heatmap.window', { from: span.start + 1, to: span.end, total }));
    }
    return notes.join(' · ');
  }

  #drawTable(alignment: AlignmentView, caption: string, { texts, state }: Frame): void {
    const { rows, columns } = this.#heatmap;
    const key = [state.segment, state.candidate, rows.start, rows.end, columns.start, columns.end].join('\n');
    if (key === this.#tabled) return;
    this.#tabled = key;
    this.#table.replaceChildren(matrixTable({ alignment, rows, columns, caption, uncovered: texts('heatmap.uncovered') }));
  }

  #announce(alignment: AlignmentView, side: Side, index: number, linked: number | undefined): void {
    const texts = this.#frame?.texts;
    if (texts === undefined) return;
    const word = alignment[side][index]?.text ?? '';
    const other = side === 'source' ? alignment.target : alignment.source;
    if (linked === undefined) {
      this.#parts.say(`${word}: ${texts('heatmap.uncovered')}`);
      return;
    }
    const [source, target] = side === 'source' ? [index, linked] : [linked, index];
    const percent = Math.round(cellAt(alignment.probabilities, source, target) * 100);
    const [first, second] = side === 'source' ? [word, other[linked]?.text] : [other[linked]?.text, word];
    this.#parts.say(texts('heatmap.cell', { source: first ?? '', target: second ?? '', percent }));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || /^F\d/u.test(event.key)) return;
    event.stopPropagation();
    const mirrored = this.#frame?.model.snapshot.targetLanguage.dir === 'rtl';
    const steps: Readonly<Record<string, () => void>> = {
      ArrowRight: () => { this.step('target', mirrored ? -1 : 1); },
      ArrowLeft: () => { this.step('target', mirrored ? 1 : -1); },
      ArrowDown: () => { this.step('source', 1); },
      ArrowUp: () => { this.step('source', -1); },
      Escape: () => { this.#parts.leave(); },
    };
    const run = steps[event.key];
    if (run === undefined) return;
    event.preventDefault();
    run();
  }
}
