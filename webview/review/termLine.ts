/** The glossary's terms of a source: underlined in it, and with their translations and notes below it. */
import type { SegmentView, TermView } from '../../src/protocol/review.ts';
import { el, setAttribute, setLanguage, show, textEl } from '../components/dom.ts';
import type { Frame } from './state.ts';
import type { Texts } from './strings.ts';
import { TitledTerms } from './titledTerms.ts';

const highlightName = 'interlinear-terms';

export class TermLine {
  readonly node = el('div', 'source-terms', { role: 'list' });
  #drawn = '';
  #titled: TitledTerms | undefined;

  /** @param text the element that shows the source, drawn already; where it shows other characters than the source has, nothing is marked in it */
  update({ terms = [], source }: SegmentView, text: HTMLElement, { model, texts }: Pick<Frame, 'model' | 'texts'>): void {
    const shown = text.textContent === source ? terms : [];
    underline(text, shown);
    this.#titled ??= new TitledTerms(text);
    this.#titled.show(shown, (term) => entryOf(term, texts));
    const key = JSON.stringify(terms);
    if (key === this.#drawn) return;
    this.#drawn = key;
    setAttribute(this.node, 'aria-label', texts('source.terms'));
    show(this.node, terms.length > 0);
    const distinct = [...new Map(terms.map((term) => [term.source, term])).values()];
    this.node.replaceChildren(...distinct.map((term) => chipOf(term, texts)));
    setLanguage(this.node, model.snapshot.targetLanguage);
  }
}

function entryOf({ source, targets, forbidden, note }: TermView, texts: Texts): string {
  const words = { source, targets: targets.join(', '), forbidden: forbidden.join(', ') };
  const entry = texts(forbidden.length > 0 ? 'source.termForbidden' : 'source.term', words);
  return note === undefined ? entry : `${entry}\n${note}`;
}

function chipOf(term: TermView, texts: Texts): HTMLElement {
  const { note, ...entry } = term;
  const chip = textEl('span', 'chip term', entryOf(entry, texts));
  chip.setAttribute('role', 'listitem');
  if (note !== undefined) {
    chip.title = note;
    chip.append(textEl('span', 'term-note', ` ${note}`));
  }
  return chip;
}

/** By the page's highlights, so that words and their marks stay as they are. */
function underline(text: HTMLElement, terms: readonly TermView[]): void {
  if (!('highlights' in CSS)) return;
  const ranges = terms.flatMap((term) => rangeOf(text, term) ?? []);
  if (ranges.length === 0) CSS.highlights.delete(highlightName);
  else CSS.highlights.set(highlightName, new Highlight(...ranges));
}

function rangeOf(root: HTMLElement, { start, end }: TermView): Range | undefined {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  let begun = false;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (!begun && start < at + length) {
      range.setStart(node, start - at);
      begun = true;
    }
    if (begun && end <= at + length) {
      range.setEnd(node, end - at);
      return range;
    }
    at += length;
  }
  return undefined;
}
