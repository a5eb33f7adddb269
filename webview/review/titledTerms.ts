/** The entry of the term under the mouse, as the title of the text that holds it. */
import type { TermView } from '../../src/protocol/review.ts';

export class TitledTerms {
  readonly #text: HTMLElement;
  #terms: readonly TermView[] = [];
  #entryOf: (term: TermView) => string = () => '';

  constructor(text: HTMLElement) {
    this.#text = text;
    text.addEventListener('pointermove', ({ clientX, clientY }) => { this.#point(clientX, clientY); });
  }

  show(terms: readonly TermView[], entryOf: (term: TermView) => string): void {
    if (terms !== this.#terms) this.#text.title = '';
    this.#terms = terms;
    this.#entryOf = entryOf;
  }

  #point(x: number, y: number): void {
    const offset = this.#offsetAt(x, y);
    const term = offset === undefined ? undefined : this.#terms.find(({ start, end }) => start <= offset && offset < end);
    const title = term === undefined ? '' : this.#entryOf(term);
    if (this.#text.title !== title) this.#text.title = title;
  }

  /** UTF-16 units from the start of the text; undefined where the mouse is on none of its characters. */
  #offsetAt(x: number, y: number): number | undefined {
    if (this.#terms.length === 0) return undefined;
    const caret = document.caretPositionFromPoint(x, y);
    if (caret === null || !this.#text.contains(caret.offsetNode)) return undefined;
    const before = document.createRange();
    before.setStart(this.#text, 0);
    before.setEnd(caret.offsetNode, caret.offset);
    // the caret stands behind a character whose right half is pointed at
    const behind = before.getClientRects();
    const last = behind[behind.length - 1];
    const length = before.toString().length;
    return last !== undefined && x < last.right && y < last.bottom ? Math.max(0, length - 1) : length;
  }
}
