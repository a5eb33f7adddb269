/** Beside a text field: how long its text is, as people count, and the text with its invisible characters where they are asked for. */
import { shownLength } from '../../src/core/quality/bare.ts';
import { el, setLanguage, setText, show } from '../components/dom.ts';
import { shownText } from '../components/shownText.ts';
import type { Frame } from './state.ts';

export class WrittenLine {
  /** Stands at the end of the field's foot. */
  readonly count = el('span', 'text-length');
  /** Stands under the field; for the eyes alone, since the field itself is read. */
  readonly text = el('div', 'text-written', { 'aria-hidden': 'true' });
  #drawn: readonly unknown[] = [];

  /** @param written what stands in the field now */
  update(written: string, frame: Frame): void {
    const { model, state, texts } = frame;
    const most = model.segment(state.segment)?.maxLength;
    const now = [written, state.mode, state.signs, most, texts];
    if (now.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = now;
    const { targetLanguage } = model.snapshot;
    const length = shownLength(written.trim(), targetLanguage.tag);
    show(this.count, state.mode === 'edit');
    setText(this.count, most === undefined ? texts('edit.length', { length }) : texts('edit.lengthOf', { length, most }));
    this.count.classList.toggle('over', most !== undefined && length > most);
    show(this.text, state.signs && written !== '');
    setLanguage(this.text, targetLanguage);
    this.text.replaceChildren(...shownText(written, state.signs));
  }
}
