/** One text of the target language with what it is. */
import { visibleControls } from '../../src/core/text/diff.ts';
import { el, setLanguage, setText, textEl } from '../components/dom.ts';
import type { Frame } from './state.ts';

/** @param tone of the chip before the text */
export function translationLine(label: string, text: string, { model }: Frame, tone: 'good' | 'info' | 'warn'): HTMLElement {
  const node = el('div', 'translation-line');
  const content = el('div', 'translation-text');
  setLanguage(content, model.snapshot.targetLanguage);
  setText(content, visibleControls(text));
  node.append(textEl('span', `chip ${tone}`, label), content);
  return node;
}
