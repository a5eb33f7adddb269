/** What is looked for: the field with its history, two switches, the side and the languages. */
import type { ConcordanceQuery, ConcordanceSide } from '../../src/core/memory/phrase.ts';
import type { ConcordanceSnapshot, PairView } from '../../src/protocol/concordance.ts';
import type { ConcordanceString } from '../../src/protocol/concordanceStrings.ts';
import type { TextsOf } from '../../src/protocol/texts.ts';
import { isComposing } from '../components/composing.ts';
import { el, show, textEl } from '../components/dom.ts';
import { dropdown } from '../components/toolkit.ts';

/** Typing is over when nothing was typed for so long. Milliseconds. */
const pause = 120;

const sides = ['both', 'source', 'target'] as const;

export interface FormParts {
  readonly texts: TextsOf<ConcordanceString>;
  /** Something else is looked for now. */
  readonly onChange: () => void;
  /** Down or Enter: on into the results. */
  readonly onDown: () => void;
  readonly onLeave: () => void;
}

export class SearchForm {
  readonly node = el('div', 'form', { role: 'search' });
  readonly #parts: FormParts;
  readonly #field = el('input', 'field', { type: 'text', role: 'searchbox', spellcheck: 'false', autocomplete: 'off', 'aria-controls': 'results', 'aria-describedby': 'status' });
  readonly #words: HTMLButtonElement;
  readonly #case: HTMLButtonElement;
  readonly #side = dropdown('side', (value) => { this.change({ side: sideOf(value) }); });
  readonly #pairBox = dropdown('pair', (value) => { this.#choosePair(Number(value)); });
  #query: ConcordanceQuery = { text: '', side: 'both', words: false, matchCase: false };
  #pairs: readonly PairView[] = [];
  #pair = 0;
  #recent: readonly string[] = [];
  /** Place in the history; -1: what was typed, which is `#typed`. */
  #at = -1;
  #typed = '';
  #timer: number | undefined;

  constructor(parts: FormParts) {
    this.#parts = parts;
    const { texts } = parts;
    this.#words = toggle(texts('form.wordsShort'), texts('form.words'), () => { this.change({ words: !this.#query.words }); });
    this.#case = toggle('Aa', texts('form.case'), () => { this.change({ matchCase: !this.#query.matchCase }); });
    this.node.setAttribute('aria-label', texts('form.label'));
    this.#field.setAttribute('aria-label', texts('form.field'));
    this.#field.placeholder = texts('form.placeholder');
    this.#side.setLabel(texts('form.side'));
    this.#pairBox.setLabel(texts('form.pair'));
    this.#field.addEventListener('input', (event) => { if (!(event instanceof InputEvent && event.isComposing)) this.#typing(); });
    this.#field.addEventListener('compositionend', () => { this.#typing(); });
    this.#field.addEventListener('keydown', (event) => { this.#key(event); });
    const switches = el('div', 'switches');
    switches.append(this.#case, this.#words);
    this.node.append(this.#field, switches, this.#side.node, this.#pairBox.node);
  }

  get query(): ConcordanceQuery {
    return this.#query;
  }

  /** Undefined where the memory has no direction yet. */
  get pair(): PairView | undefined {
    return this.#pairs[this.#pair];
  }

  get recent(): readonly string[] {
    return this.#recent;
  }

  take({ query, pairs, pair, recent }: ConcordanceSnapshot): void {
    this.#query = query;
    this.#pairs = pairs;
    this.#pair = pair;
    this.#recent = recent;
    this.#at = -1;
    this.#field.value = query.text;
    this.#draw();
    this.#pairBox.setOptions(pairs.map(({ source, target }, index) => ({ value: String(index), text: this.#parts.texts('pair', { source: source.name, target: target.name }), selected: index === pair })));
    show(this.#pairBox.node, pairs.length > 0);
  }

  /** Changes what is looked for, by a switch, a button or a last search. */
  change(change: Partial<ConcordanceQuery>): void {
    this.#query = { ...this.#query, ...change };
    if (change.text !== undefined) this.#field.value = change.text;
    this.#draw();
    this.#tell();
  }

  remember(text: string): void {
    this.#recent = [text, ...this.#recent.filter((other) => other !== text)];
    this.#at = -1;
  }

  focus(): void {
    this.#field.focus();
    this.#field.select();
  }

  #draw(): void {
    const { words, matchCase, side } = this.#query;
    this.#words.setAttribute('aria-pressed', String(words));
    this.#case.setAttribute('aria-pressed', String(matchCase));
    this.#side.setOptions(sides.map((value) => ({ value, text: this.#parts.texts(`side.${value}`), selected: value === side })));
  }

  #choosePair(index: number): void {
    this.#pair = index;
    this.#tell();
  }

  #typing(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#at = -1;
      this.#query = { ...this.#query, text: this.#field.value };
      this.#tell();
    }, pause);
  }

  /** What is typed and not looked for yet. */
  #settle(): void {
    if (this.#field.value !== this.#query.text) this.change({ text: this.#field.value });
  }

  #tell(): void {
    window.clearTimeout(this.#timer);
    this.#parts.onChange();
  }

  #key(event: KeyboardEvent): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    switch (event.key) {
      case 'ArrowUp': this.#walk(1); break;
      case 'ArrowDown': if (this.#at === -1) this.#on(); else this.#walk(-1); break;
      case 'Enter': this.#on(); break;
      case 'Escape': this.#parts.onLeave(); break;
      default: return;
    }
    event.preventDefault();
  }

  #on(): void {
    this.#settle();
    this.#parts.onDown();
  }

  /** Through the last searches, newest first, and back to what was typed. */
  #walk(by: 1 | -1): void {
    const at = this.#at + by;
    if (at >= this.#recent.length) return;
    if (this.#at === -1) this.#typed = this.#field.value;
    this.change({ text: this.#recent[at] ?? this.#typed });
    this.#at = at;
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }
}

function sideOf(value: string): ConcordanceSide {
  return sides.find((side) => side === value) ?? 'both';
}

function toggle(text: string, title: string, onClick: () => void): HTMLButtonElement {
  const node = textEl('button', 'toggle', text);
  node.type = 'button';
  node.title = title;
  node.setAttribute('aria-label', title);
  node.addEventListener('click', onClick);
  return node;
}
