/** The focused candidate against what the file holds, else against the best one (or the best against the second), word by word. */
import { diffWords } from '../../src/core/text/diff.ts';
import type { CandidateView, SegmentView } from '../../src/protocol/review.ts';
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

/** What the source of a fuzzy match says otherwise than this segment, word by word: what to change in its translation. Undefined for any other candidate. */
export function matchLineOf({ candidate: { memory } }: CandidateView, frame: Frame): HTMLElement | undefined {
  const { model, state, texts } = frame;
  const source = model.segment(state.segment)?.source;
  if (memory?.kind !== 'fuzzy' || source === undefined || model.isBlind(state.segment)) return undefined;
  const node = el('div', 'diff-line match-line');
  node.append(textEl('span', 'diff-label', texts('diff.match')), diffText(memory.source, source, frame, model.snapshot.sourceLanguage));
  return node;
}

/** What was removed from `from` and added in `to`, as one line of text; in the target language unless another is given. */
// The fourth is the language, where it is not the target's.
export function diffText(from: string, to: string, { model, texts, state }: Frame, language = model.snapshot.targetLanguage): HTMLElement {
  const node = el('span', 'diff-text');
  setLanguage(node, language);
  for (const part of diffWords(from, to, language.tag)) {
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
