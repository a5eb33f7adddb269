/** A `<trans-unit>` of XLIFF 1.2 whose `seg-source` cuts its text: each segment is translated in a place of its own. Pure. */
import type { Frame, TextRange } from './segment.ts';
import { hasLetter, KnownCodes, readUnit } from './units.ts';
import { innerContent, type Content, type ContentElement, type MarkedSegment } from './xliffContent.ts';
import { headOfTarget } from './xliffStates.ts';
import { lineBefore } from './xml.ts';

export interface CutUnit {
  readonly text: string;
  readonly source: ContentElement;
  readonly segSource: ContentElement;
  readonly target: ContentElement | undefined;
  /** From the end of the sources to the end of the target. */
  readonly slot: TextRange;
  /** True where what stands in the target is no translation. */
  readonly isUntranslated: boolean;
}

/** One segment that `seg-source` names. */
export interface UnitPart extends Content {
  readonly mid: string;
  readonly range: TextRange;
  readonly frame: Frame;
  /** What the target has for it. */
  readonly there: Content | undefined;
}

interface Item {
  readonly mid: string;
  readonly cut: MarkedSegment;
  readonly there: MarkedSegment | undefined;
}

/**
 * Its parts in the order in which they stand in the target; those that it lacks stand behind the one before them. Undefined
 * where the text is not cut, or not cut into stretches with names of their own, and where the target is a text that is not cut:
 * nobody can say which words of it belong to which segment, and it must not be lost.
 */
export function partsOf(unit: CutUnit): readonly UnitPart[] | undefined {
  const { segSource, target, isUntranslated } = unit;
  const cuts = inOrder(segSource.marked);
  const isEmpty = target === undefined || isUntranslated || target.text.trim() === '';
  const there = inOrder(isEmpty ? [] : target.marked.filter(({ mid }) => cuts?.some((cut) => cut.mid === mid)));
  if (cuts === undefined || cuts.length === 0 || there === undefined || (there.length === 0 && !isEmpty)) return undefined;
  const items = itemsOf(cuts, there);
  const frame = frameOf(unit, items);
  return items.map(({ mid, cut, there: mark }, place): UnitPart => ({
    ...innerContent(segSource, cut.inner),
    mid,
    range: placeOf(unit, items, place),
    frame: { ...frame, place },
    there: mark === undefined || target === undefined ? undefined : innerContent(target, mark.inner),
  }));
}

/** Undefined where two have one name, or one stands in another. */
function inOrder(marked: readonly MarkedSegment[]): readonly MarkedSegment[] | undefined {
  const sorted = marked.toSorted((a, b) => a.outer.start - b.outer.start);
  const isClear = new Set(marked.map(({ mid }) => mid)).size === marked.length && sorted.every(({ outer }, index) => index === 0 || (sorted[index - 1]?.outer.end ?? 0) <= outer.start);
  return isClear ? sorted : undefined;
}

function itemsOf(cuts: readonly MarkedSegment[], there: readonly MarkedSegment[]): readonly Item[] {
  const items: Item[] = there.flatMap((mark) => cuts.filter(({ mid }) => mid === mark.mid).map((cut) => ({ mid: mark.mid, cut, there: mark })));
  cuts.forEach((cut, index) => {
    if (items.some(({ mid }) => mid === cut.mid)) return;
    const before = items.findIndex(({ mid }) => mid === cuts[index - 1]?.mid);
    items.splice(before + 1, 0, { mid: cut.mid, cut, there: undefined });
  });
  return items;
}

/** Where a part stands in the file, or would. */
function placeOf({ slot, target }: CutUnit, items: readonly Item[], place: number): TextRange {
  const mark = items[place]?.there;
  if (mark !== undefined) return mark.range;
  const isCut = items.some(({ there }) => there !== undefined);
  const at = isCut ? (lastMark(items, place)?.outer.end ?? target?.from ?? slot.end) : slot.end;
  return { start: at, end: at };
}

/** The mark of the target that is nearest before a place. */
function lastMark(items: readonly Item[], place: number): MarkedSegment | undefined {
  return items.slice(0, place).findLast(({ there }) => there !== undefined)?.there;
}

function frameOf(unit: CutUnit, items: readonly Item[]): Omit<Frame, 'place'> {
  const { text, source, target, slot } = unit;
  const before = target === undefined ? lineBefore(text, source.start) : text.slice(slot.start, target.start);
  const tag = target === undefined ? '<target>' : text.slice(target.start, target.from);
  const first = between(unit, items, 0) + opening(text, items[0]);
  return {
    range: slot,
    head: headOfTarget(before, tag, first),
    behind: items.map((item, place) => closing(text, item) + between(unit, items, place + 1) + opening(text, items[place + 1])),
    own: items.map((item) => ownText(unit, item)),
    empty: '',
  };
}

/** What stands in front of a part: as in the target, else as in `seg-source`. Behind the last one that is the target's end too. */
function between({ text, segSource, target, slot }: CutUnit, items: readonly Item[], place: number): string {
  const [previous, next] = [items[place - 1], items[place]];
  const isCut = target !== undefined && items.some(({ there }) => there !== undefined);
  if (!isCut) return text.slice(previous?.cut.outer.end ?? segSource.from, next?.cut.outer.start ?? segSource.to) + (next === undefined ? '</target>' : '');
  const last = lastMark(items, place);
  if (next !== undefined && next.there === undefined) return previous === undefined ? '' : gapBehind(text, segSource, previous.cut);
  const gap = last === undefined && previous !== undefined ? gapBehind(text, segSource, previous.cut) : '';
  return gap + text.slice(last?.outer.end ?? target.from, next?.there?.outer.start ?? slot.end);
}

/** The text behind a segment in `seg-source`, up to the next; without tags, whose partners the target may have elsewhere. */
function gapBehind(text: string, { marked, to }: ContentElement, { outer }: MarkedSegment): string {
  const next = marked.map((mark) => mark.outer.start).filter((start) => start >= outer.end);
  return text.slice(outer.end, Math.min(to, ...next)).replace(/<(?:[^"'>]|"[^"]*"|'[^']*')*>/gu, '');
}

function opening(text: string, item: Item | undefined): string {
  if (item === undefined) return '';
  const { mid, there } = item;
  if (there === undefined) return `<mrk mtype="seg" mid="${mid.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}">`;
  const tag = text.slice(there.outer.start, there.range.start);
  return there.selfClosing ? tag.replace(/\s*\/>$/u, '>') : tag;
}

function closing(text: string, { there }: Item): string {
  return there === undefined || there.selfClosing ? '</mrk>' : text.slice(there.range.end, there.outer.end);
}

/** What has no letter is nothing to translate: it goes over as it is. */
function ownText({ text, segSource }: CutUnit, { cut, there }: Item): string {
  const own = there === undefined ? '' : text.slice(there.range.start, there.range.end);
  if (own.trim() !== '') return own;
  const { source, protectedSpans } = readUnit({ ...innerContent(segSource, cut.inner), range: cut.range, key: '' }, new KnownCodes());
  return hasLetter({ source, protectedSpans }) ? own : text.slice(cut.range.start, cut.range.end);
}
