/** A text whose words can be marked and pointed at. Nothing in it is markup. */
import type { TextRange } from '../../src/core/document/segment.ts';
import { el } from './dom.ts';
import { shownText } from './shownText.ts';

export type Mark = 'caret' | 'strong' | 'weak';

/** What of a text is shown beside its characters. */
export interface TokenMarks {
  /** Words, in order; each is an element of its own. */
  readonly tokens: readonly TextRange[];
  /** Indexes of words without a counterpart. */
  readonly uncovered: readonly number[];
  /** Whether blanks, joiners and directional marks are made visible. */
  readonly signs: boolean;
}

export class TokenText {
  readonly node: HTMLElement;
  #words: readonly (readonly [element: HTMLElement, index: number])[] = [];
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

  /** Draws the text. The same text with the same marks is left alone. */
  show(text: string, { tokens, uncovered, signs }: TokenMarks): void {
    const key = `${text}\n${tokens.map((token) => token.start).join()}\n${uncovered.join()}\n${String(signs)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const missing = new Set(uncovered);
    const indexes = new Map(tokens.map((token, index) => [token, index]));
    const words: (readonly [HTMLElement, number])[] = [];
    const nodes = shownText(text, signs, tokens, (token) => {
      const index = indexes.get(token) ?? 0;
      const word = el('span', missing.has(index) ? 'word uncovered' : 'word', { 'data-index': String(index) });
      words.push([word, index]);
      return word;
    });
    this.#words = words;
    this.node.replaceChildren(...nodes);
  }

  /** Marks words by index; those not named lose their mark. */
  mark(marks: ReadonlyMap<number, Mark>): void {
    for (const [word, index] of this.#words) {
      const mark = marks.get(index);
      for (const name of ['caret', 'strong', 'weak'] as const) word.classList.toggle(name, name === mark);
    }
  }

  /** A word may hold signs of its own. */
  #indexOf(target: EventTarget | null): number | undefined {
    const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : undefined;
    return index === undefined || index === null ? undefined : Number(index);
  }
}
