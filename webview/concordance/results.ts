/** The units found, or the last searches: a list that the arrow keys walk through. */
import type { TextRange } from '../../src/core/document/segment.ts';
import type { PairView } from '../../src/protocol/concordance.ts';
import type { ConcordanceString } from '../../src/protocol/concordanceStrings.ts';
import type { ConcordanceHit } from '../../src/protocol/memory.ts';
import type { TextsOf } from '../../src/protocol/texts.ts';
import { el, setAttribute, setLanguage, textEl } from '../components/dom.ts';
import { shownText } from '../components/shownText.ts';

export type ResultRow = { readonly kind: 'hit'; readonly hit: ConcordanceHit } | { readonly kind: 'recent'; readonly text: string };

export interface ResultsParts {
  readonly texts: TextsOf<ConcordanceString>;
  readonly pair: () => PairView | undefined;
  /** Enter or a double click. */
  readonly onUse: (row: ResultRow) => void;
  /** Another key of the list. */
  readonly onKey: (key: 'open' | 'copy', row: ResultRow) => void;
  /** Up from the first row, or Escape. */
  readonly onUp: () => void;
  /** Another row is in focus, or none. */
  readonly onFocus: (row: ResultRow | undefined) => void;
}

/** Rows that Page Up and Page Down go by. */
const page = 8;

export class Results {
  readonly node = el('div', 'results', { id: 'results', role: 'listbox', tabindex: '0' });
  readonly #parts: ResultsParts;
  readonly #dates = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium' });
  #rows: readonly ResultRow[] = [];
  #at = -1;

  constructor(parts: ResultsParts) {
    this.#parts = parts;
    this.node.addEventListener('keydown', (event) => { this.#key(event); });
    this.node.addEventListener('click', (event) => { this.#focus(this.#indexOf(event)); });
    this.node.addEventListener('dblclick', (event) => { this.#use(this.#indexOf(event)); });
  }

  get focused(): ResultRow | undefined {
    return this.#rows[this.#at];
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Other rows; the focus stays where it was as long as there is such a row. */
  replace(rows: readonly ResultRow[], keepFocus = false): void {
    this.node.replaceChildren();
    this.#rows = [];
    this.node.setAttribute('aria-label', this.#parts.texts(rows[0]?.kind === 'recent' ? 'recent.label' : 'results.label'));
    this.add(rows);
    this.#focus(keepFocus ? Math.min(this.#at, rows.length - 1) : -1);
  }

  add(rows: readonly ResultRow[]): void {
    this.node.append(...rows.map((row, index) => this.#draw(row, this.#rows.length + index)));
    this.#rows = [...this.#rows, ...rows];
    this.node.hidden = this.#rows.length === 0;
  }

  /** Puts the keyboard here; false where there is nothing. */
  enter(): boolean {
    if (this.#rows.length === 0) return false;
    this.node.focus({ preventScroll: true });
    this.#focus(Math.max(0, this.#at));
    return true;
  }

  #draw(row: ResultRow, index: number): HTMLElement {
    const node = el('div', `result ${row.kind}`, { id: `result-${String(index)}`, role: 'option', 'aria-selected': 'false' });
    if (row.kind === 'recent') node.append(textEl('span', 'recent-text', row.text));
    else this.#drawHit(node, row.hit);
    return node;
  }

  #drawHit(node: HTMLElement, hit: ConcordanceHit): void {
    const pair = this.#parts.pair();
    const made = this.#madeOf(hit);
    const origin = el('div', 'result-origin');
    origin.append(textEl('span', 'result-file', hit.unit.origin), textEl('span', 'result-made', made));
    origin.title = `${hit.unit.origin}\n${made}`;
    node.append(marked(hit.unit.source, hit.inSource, pair?.source), marked(hit.unit.target, hit.inTarget, pair?.target), origin);
    node.setAttribute('aria-label', this.#parts.texts('results.row', { source: hit.unit.source, target: hit.unit.target, origin: `${hit.unit.origin}, ${made}` }));
  }

  #madeOf({ unit: { by, at }, place }: ConcordanceHit): string {
    const { texts } = this.#parts;
    const date = at === undefined ? undefined : this.#dates.format(new Date(at));
    return [place === undefined ? texts('origin.imported') : undefined, by === undefined ? undefined : texts('origin.by', { name: by }), date].filter((part) => part !== undefined).join(' · ');
  }

  #indexOf(event: MouseEvent): number {
    return event.target instanceof Element ? [...this.node.children].findIndex((row) => row.contains(event.target as Node)) : -1; // an element is a node
  }

  #focus(index: number): void {
    this.node.children[this.#at]?.setAttribute('aria-selected', 'false');
    this.#at = index;
    const row = this.node.children[index];
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    setAttribute(this.node, 'aria-activedescendant', row?.id);
    this.#parts.onFocus(this.focused);
  }

  #use(index: number): void {
    const row = this.#rows[index];
    if (row !== undefined) this.#parts.onUse(row);
  }

  #key(event: KeyboardEvent): void {
    const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && document.getSelection()?.isCollapsed !== false;
    if (!copies && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (!this.#acts(event.key.toLowerCase())) return;
    event.preventDefault();
    if (copies) event.stopPropagation();
  }

  /** True for a key of the list. */
  #acts(key: string): boolean {
    const last = this.#rows.length - 1;
    const row = this.focused;
    switch (key) {
      case 'arrowdown': this.#focus(Math.min(last, this.#at + 1)); return true;
      case 'arrowup': if (this.#at <= 0) this.#parts.onUp(); else this.#focus(this.#at - 1); return true;
      case 'pagedown': this.#focus(Math.min(last, this.#at + page)); return true;
      case 'pageup': this.#focus(Math.max(0, this.#at - page)); return true;
      case 'home': this.#focus(0); return true;
      case 'end': this.#focus(last); return true;
      case 'escape': case '/': this.#parts.onUp(); return true;
      case 'enter': this.#use(this.#at); return true;
      case 'o': case 'c': if (row !== undefined) this.#parts.onKey(key === 'o' ? 'open' : 'copy', row); return true;
      default: return false;
    }
  }
}

function marked(text: string, spans: readonly TextRange[], language: PairView['source'] | undefined): HTMLElement {
  const node = el('div', 'result-text');
  node.append(...shownText(text, false, spans, () => el('mark')));
  if (language !== undefined) setLanguage(node, language);
  return node;
}
