/** The focused candidate against what the file holds, else against the best one (or the best against the second), word by word. */
import { diffWords } from '../../src/core/text/diff.ts';
import type { SegmentView } from '../../src/protocol/review.ts';
import { el, setLanguage, textEl } from '../components/dom.ts';
import { shownText } from '../components/shownText.ts';
import type { Frame } from './state.ts';
import type { Texts } from './strings.ts';

export interface DiffLine {
  /** Changes when the line would be drawn otherwise. */
  readonly key: string;
  readonly node: HTMLElement;
}

/** The diff for the focused candidate; undefined where it is switched off or there is nothing to compare with. */
export function diffLineOf(segment: SegmentView, frame: Frame, previous: DiffLine | undefined): DiffLine | undefined {
  const { state, texts } = frame;
  if (!state.diff || state.candidate === undefined) return undefined;
  const focused = segment.candidates.find((view) => view.hash === state.candidate);
  const others = segment.candidates.filter((view) => view.hash !== state.candidate);
  const other = others.find(({ existing }) => existing) ?? others[0];
  if (focused === undefined || other === undefined) return undefined;
  const key = `${other.hash}\n${focused.hash}\n${String(state.rows.digits.get(other.hash))}\n${String(state.signs)}`;
  if (previous?.key === key) return previous;
  const node = el('div', 'diff-line');
  const label = texts('diff.against', { key: state.rows.digits.get(other.hash) ?? '' });
  node.append(textEl('span', 'diff-label', label), diffText(other.candidate.text, focused.candidate.text, frame));
  return { key, node };
}

/** What was removed from `from` and added in `to`, as one line of text. */
export function diffText(from: string, to: string, { model, texts, state }: Frame): HTMLElement {
  const node = el('span', 'diff-text');
  setLanguage(node, model.snapshot.targetLanguage);
  for (const part of diffWords(from, to, model.snapshot.targetLanguage.tag)) {
    const nodes = shownText(part.text, state.signs);
    if (part.kind === 'same') node.append(...nodes);
    else node.append(changed(part.kind, nodes, texts));
  }
  return node;
}

function changed(kind: 'added' | 'removed', nodes: readonly (Node | string)[], texts: Texts): HTMLElement {
  const node = el(kind === 'added' ? 'ins' : 'del');
  node.append(...nodes);
  node.setAttribute('aria-label', `${texts(`diff.${kind}`)}: ${node.textContent}`);
  return node;
}
