/** A text whose words can be marked and pointed at. Control characters are made visible; nothing in it is markup. */
import { visibleControls } from '../../src/core/text/diff.ts';
import { el } from './dom.ts';

export interface Token {
  readonly start: number;
  readonly end: number;
}

export type Mark = 'caret' | 'strong' | 'weak';

export class TokenText {
  readonly node: HTMLElement;
  #words: readonly HTMLElement[] = [];
  #shown = '';
  #hover: (index: number | undefined) => void = () => undefined;

  constructor(className: string) {
    this.node = el('div', className);
    this.node.addEventListener('pointerover', (event) => { this.#hover(this.#indexOf(event.target)); });
    this.node.addEventListener('pointerleave', () => { this.#hover(undefined); });
  }

  onHover(listener: (index: number | undefined) => void): void {
    this.#hover = listener;
  }

  /** Draws the text; with tokens, each is a span of its own. The same text with the same tokens is left alone. */
  show(text: string, tokens: readonly Token[], uncovered: readonly number[]): void {
    const key = `${text}\n${tokens.map((token) => token.start).join()}\n${uncovered.join()}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const missing = new Set(uncovered);
    const words: HTMLElement[] = [];
    const parts: (Node | string)[] = [];
    let at = 0;
    for (const [index, token] of tokens.entries()) {
      if (token.start > at) parts.push(visibleControls(text.slice(at, token.start)));
      const word = el('span', missing.has(index) ? 'word uncovered' : 'word');
      word.dataset['index'] = String(index);
      word.textContent = visibleControls(text.slice(token.start, token.end));
      words.push(word);
      parts.push(word);
      at = token.end;
    }
    parts.push(visibleControls(text.slice(at)));
    this.#words = words;
    this.node.replaceChildren(...parts);
  }

  /** Marks words by index; those not named lose their mark. */
  mark(marks: ReadonlyMap<number, Mark>): void {
    for (const [index, word] of this.#words.entries()) {
      const mark = marks.get(index);
      for (const name of ['caret', 'strong', 'weak'] as const) word.classList.toggle(name, name === mark);
    }
  }

  #indexOf(target: EventTarget | null): number | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    const index = target.dataset['index'];
    return index === undefined ? undefined : Number(index);
  }
}
