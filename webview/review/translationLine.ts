/** One text of the target language with what it is. */
import { el, setLanguage, textEl } from '../components/dom.ts';
import { shownText } from '../components/shownText.ts';
import type { Frame } from './state.ts';

/** @param tone of the chip before the text */
export function translationLine(label: string, text: string, { model, state }: Frame, tone: 'good' | 'info' | 'warn'): HTMLElement {
  const node = el('div', 'translation-line');
  const content = el('div', 'translation-text');
  setLanguage(content, model.snapshot.targetLanguage);
  content.append(...shownText(text, state.signs));
  node.append(textEl('span', `chip ${tone}`, label), content);
  return node;
}
