/** A text as nodes: placeholders apart from the reading direction around them, and signs for what cannot be seen where a person wants them. The characters stay as they are. */
import { displayRuns, hiddenCharacters, visibleControls, type DisplayRun } from '../../src/core/text/display.ts';
import type { TextRange } from '../../src/core/document/segment.ts';
import { el } from './dom.ts';

/** What a stretch of the text is put into; undefined: into nothing of its own. */
export type Wrap = (range: TextRange) => HTMLElement | undefined;

/**
 * @param marked stretches that `wrap` gives an element, in order, not overlapping; where one goes across an isolate it gets several
 * @param signs whether what cannot be seen is shown
 */
export function shownText(text: string, signs: boolean, marked: readonly TextRange[] = [], wrap: Wrap = () => undefined): (Node | string)[] {
  return displayRuns(text).flatMap((run) => {
    const inside = pieces(run, marked).flatMap(({ piece, of }): (Node | string)[] => {
      const nodes = drawn(text.slice(piece.start, piece.end), signs);
      const holder = of === undefined ? undefined : wrap(of);
      holder?.append(...nodes);
      return holder === undefined ? nodes : [holder];
    });
    if (!run.isolated) return inside;
    const island = el('bdi', text[run.start] === '<' ? 'island tag' : 'island', { dir: 'ltr' });
    island.append(...inside);
    return [island];
  });
}

interface Piece {
  readonly piece: TextRange;
  readonly of: TextRange | undefined;
}

/** A run, cut where marked stretches begin and end. */
function pieces(run: DisplayRun, marked: readonly TextRange[]): readonly Piece[] {
  const found: Piece[] = [];
  let at = run.start;
  for (const of of marked) {
    const [start, end] = [Math.max(run.start, of.start), Math.min(run.end, of.end)];
    if (start >= end) continue;
    if (at < start) found.push({ piece: { start: at, end: start }, of: undefined });
    found.push({ piece: { start, end }, of });
    at = end;
  }
  if (at < run.end) found.push({ piece: { start: at, end: run.end }, of: undefined });
  return found;
}

function drawn(text: string, signs: boolean): (Node | string)[] {
  if (!signs) return [visibleControls(text)];
  const nodes: (Node | string)[] = [];
  let at = 0;
  for (const { start, end, sign, blank } of hiddenCharacters(text)) {
    if (at < start) nodes.push(visibleControls(text.slice(at, start)));
    const node = el('span', blank ? 'sign blank' : 'sign', { 'data-sign': sign });
    node.textContent = text.slice(start, end);
    nodes.push(node);
    at = end;
  }
  if (at < text.length) nodes.push(visibleControls(text.slice(at)));
  return nodes;
}
