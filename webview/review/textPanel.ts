/**
 * The text field of an edit or a comment. Its value is set once, when it opens: never while somebody is composing.
 * Keys without Ctrl, Alt or Meta stay in the field; F-keys leave it (decisions.md 8). Ctrl+Enter or Cmd+Enter confirms.
 */
import { button } from '../components/toolkit.ts';
import { el, setAttribute, setLanguage, setText, show } from '../components/dom.ts';
import { isComposing } from '../components/composing.ts';
import { confirmKey } from '../components/platform.ts';
import type { Frame, ViewActions } from './state.ts';
import { WrittenLine } from './writtenLine.ts';

/** Drafts are stored this long after the last key, and after this long while typing goes on. Milliseconds. */
const draftAfter = { pause: 300, atMost: 800 } as const;

type TextMode = 'edit' | 'comment';

interface Open {
  readonly mode: TextMode;
  readonly segment: string;
  /** The text at the start: no draft is kept of what was not changed. */
  readonly text: string;
}

export class TextPanel {
  readonly node = el('section', 'text-panel');
  readonly #field = el('textarea', 'text-field', { rows: '1', spellcheck: 'false' });
  readonly #written = new WrittenLine();
  readonly #hint = el('span', 'text-hint', { id: 'text-hint' });
  readonly #confirm: HTMLElement;
  readonly #close: HTMLElement;
  readonly #actions: ViewActions;
  #open: Open | undefined;
  #composing = false;
  /** Opened, and nobody has moved the caret yet. */
  #untouched = false;
  #pause: number | undefined;
  #deadline: number | undefined;
  #emptyText = '';
  #frame: Frame | undefined;

  constructor(actions: ViewActions) {
    this.#actions = actions;
    this.#confirm = button('', 'primary', () => { this.confirm(); });
    this.#close = button('', 'secondary', () => { this.#keep(); });
    const foot = el('div', 'text-foot');
    foot.append(this.#confirm, this.#close, this.#hint, this.#written.count);
    this.node.append(this.#field, this.#written.text, foot);
    this.#field.setAttribute('aria-describedby', 'text-hint');
    this.#field.addEventListener('compositionstart', () => { this.#composing = true; });
    this.#field.addEventListener('compositionend', () => { this.#composing = false; });
    this.#field.addEventListener('input', () => { this.#schedule(); });
    // the focus comes again where VS Code gives the page the keyboard late
    this.#field.addEventListener('focus', () => { if (this.#untouched) this.#caretToEnd(); });
    for (const touch of ['keydown', 'input', 'pointerdown']) this.#field.addEventListener(touch, () => { this.#untouched = false; });
    this.#field.addEventListener('keydown', (event) => { this.#key(event); });
    show(this.node, false);
  }

  update(frame: Frame): void {
    const { state, texts, model } = frame;
    this.#frame = frame;
    show(this.node, state.mode !== 'list');
    if (state.mode === 'list') {
      this.#open = undefined;
      return;
    }
    const { mode } = state;
    setAttribute(this.#field, 'aria-label', texts(`${mode}.label`));
    if (mode === 'edit') setLanguage(this.#field, model.snapshot.targetLanguage);
    else {
      this.#field.removeAttribute('lang');
      setAttribute(this.#field, 'dir', 'auto');
    }
    setText(this.#confirm, texts(`${mode}.confirm`));
    setText(this.#close, texts(`${mode}.close`));
    setText(this.#hint, texts(`${mode}.hint`, { confirm: confirmKey() }));
    this.#emptyText = texts('edit.empty');
    this.#written.update(this.#field.value, frame);
  }

  open(mode: TextMode, segment: string, text: string): void {
    this.#open = { mode, segment, text };
    this.#field.value = text;
    if (this.#frame !== undefined) this.#written.update(text, this.#frame);
    this.#untouched = true;
    this.#field.focus();
    this.#caretToEnd();
  }

  #caretToEnd(): void {
    const end = this.#field.value.length;
    this.#field.setSelectionRange(end, end);
  }

  get written(): string {
    return this.#field.value;
  }

  /** What is selected in the open field; undefined where that is nothing. */
  get selected(): string | undefined {
    const { selectionStart, selectionEnd, value } = this.#field;
    return this.#open === undefined || selectionStart === selectionEnd ? undefined : value.slice(selectionStart, selectionEnd);
  }

  /** Gives it the keyboard with the caret where it was. */
  focus(): void {
    this.#untouched = false;
    this.#field.focus();
  }

  /** Inserts at the caret as if it was typed. */
  type(text: string): void {
    this.#field.setRangeText(text, this.#field.selectionStart, this.#field.selectionEnd, 'end');
    this.#schedule();
  }

  /** Deletes the character before the caret, as Backspace does. */
  erase(): void {
    const { selectionStart, selectionEnd, value } = this.#field;
    const before = [...value.slice(0, selectionStart)];
    const start = selectionStart === selectionEnd ? before.slice(0, -1).join('').length : selectionStart;
    this.#field.setRangeText('', start, selectionEnd, 'end');
    this.#schedule();
  }

  /** Stores what stands here now. */
  flush(): void {
    this.#stopTimers();
    const open = this.#open;
    if (open?.mode !== 'edit' || this.#field.value === open.text) return;
    this.#actions.saveDraft(open.segment, this.#field.value);
  }

  /** Forgets what stands here. */
  drop(): void {
    this.#stopTimers();
    this.#open = undefined;
  }

  confirm(): void {
    const open = this.#open;
    if (open === undefined || this.#composing) return;
    const text = this.#field.value;
    if (text.trim() === '') {
      this.#actions.say(this.#emptyText);
      return;
    }
    this.drop();
    this.#actions.confirmText(open.mode, text);
  }

  #keep(): void {
    this.flush();
    this.drop();
    this.#actions.closeText();
  }

  #key(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    if (isComposing(event)) {
      event.stopPropagation();
      return;
    }
    if (/^F\d/u.test(event.key)) {
      this.flush();
      return;
    }
    if (command && event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      this.confirm();
      return;
    }
    // The browser selects all at once. VS Code would do it again after its round trip, and the next key replace what was typed since.
    if (command && event.key.toLowerCase() === 'a') {
      event.stopPropagation();
      return;
    }
    if (command || event.altKey) return;
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      this.#keep();
    }
  }

  #schedule(): void {
    if (this.#frame !== undefined) this.#written.update(this.#field.value, this.#frame);
    if (this.#open?.mode !== 'edit') return;
    if (this.#pause !== undefined) window.clearTimeout(this.#pause);
    this.#pause = window.setTimeout(() => { this.flush(); }, draftAfter.pause);
    this.#deadline ??= window.setTimeout(() => { this.flush(); }, draftAfter.atMost);
  }

  #stopTimers(): void {
    for (const timer of [this.#pause, this.#deadline]) if (timer !== undefined) window.clearTimeout(timer);
    this.#pause = undefined;
    this.#deadline = undefined;
  }
}
