/** Positions of a text in an edited form of it. Pure. */
import { diffArrays, diffChars } from 'diff';
import type { TextRange } from './segment.ts';

/** A stretch that stands unchanged in both texts. */
interface Anchor {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Edit distances up to which lines and characters are compared; the comparison is quadratic in them. */
const maxLineEdits = 2000;
const maxCharacterEdits = 1500;

/**
 * Anchors between two texts, in order: the common start and end, equal lines between them (LCS), and equal characters inside
 * changed stretches of lines.
 */
export class PositionMap {
  readonly #before: string;
  readonly #after: string;
  readonly #anchors: readonly Anchor[];

  constructor(before: string, after: string) {
    this.#before = before;
    this.#after = after;
    this.#anchors = anchorsOf(before, after);
  }

  /** Where a range of the old text is in the new one. Text inserted right at its ends, on its line, is taken in. */
  range({ start, end }: TextRange): TextRange {
    return start === end ? this.#point(start) : { start: this.#start(start), end: this.#end(end) };
  }

  #point(at: number): TextRange {
    const index = this.#firstEndingAfter(at);
    const anchor = this.#anchors[index];
    if (anchor !== undefined && anchor.from <= at) return { start: anchor.to + at - anchor.from, end: anchor.to + at - anchor.from };
    const place = this.#estimate(index, at);
    return { start: place, end: place };
  }

  #start(at: number): number {
    const index = this.#firstEndingAfter(at);
    const anchor = this.#anchors[index];
    if (anchor === undefined || anchor.from > at) return this.#estimate(index, at);
    const place = anchor.to + at - anchor.from;
    if (anchor.from < at) return place;
    return this.#insertedBefore(index, at, place);
  }

  #end(at: number): number {
    const index = this.#firstEndingAfter(at - 1);
    const anchor = this.#anchors[index];
    if (anchor === undefined || anchor.from >= at) return this.#estimate(index, at);
    const place = anchor.to + at - anchor.from;
    if (at < anchor.from + anchor.length) return place;
    return this.#insertedAfter(index, at, place);
  }

  /** A start that begins an anchor: text that was put right before it, on its line, belongs to it. */
  #insertedBefore(index: number, at: number, place: number): number {
    const previous = this.#anchors[index - 1];
    const previousEnd = previous === undefined ? 0 : previous.from + previous.length;
    if (previousEnd !== at) return place;
    const inserted = this.#after.slice(previous === undefined ? 0 : previous.to + previous.length, place);
    const line = inserted.slice(Math.max(inserted.lastIndexOf('\n'), inserted.lastIndexOf('\r')) + 1);
    const follows = at > 0 && !/\s/u.test(this.#before.charAt(at - 1));
    return follows ? place : place - line.trimStart().length;
  }

  #insertedAfter(index: number, at: number, place: number): number {
    const next = this.#anchors[index + 1];
    const nextStart = next === undefined ? this.#before.length : next.from;
    if (nextStart !== at) return place;
    const inserted = this.#after.slice(place, next === undefined ? undefined : next.to);
    const line = /^[^\r\n]*/u.exec(inserted)?.[0] ?? '';
    return place + line.trimEnd().length;
  }

  /** A position in a changed stretch, which ends where anchor `index` begins: its ends exactly, else by proportion. */
  #estimate(index: number, at: number): number {
    const before = this.#anchors[index - 1];
    const after = this.#anchors[index];
    const from = { start: before === undefined ? 0 : before.from + before.length, end: after?.from ?? this.#before.length };
    const to = { start: before === undefined ? 0 : before.to + before.length, end: after?.to ?? this.#after.length };
    if (from.end === from.start) return to.start;
    return to.start + Math.round(((at - from.start) / (from.end - from.start)) * (to.end - to.start));
  }

  /** Index of the first anchor that ends after a position of the old text. */
  #firstEndingAfter(at: number): number {
    let low = 0;
    let high = this.#anchors.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const anchor = this.#anchors[middle];
      if (anchor !== undefined && anchor.from + anchor.length <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The common start and end are whole lines, so that a line put in front of another does not share its first characters. */
function anchorsOf(before: string, after: string): readonly Anchor[] {
  const start = lineStart(before, commonStart(before, after));
  const [endBefore, endAfter] = commonEnd(before, after, start);
  const anchors: Anchor[] = [{ from: 0, to: 0, length: start }];
  for (const anchor of lineAnchors(before.slice(start, endBefore), after.slice(start, endAfter))) {
    anchors.push({ ...anchor, from: anchor.from + start, to: anchor.to + start });
  }
  anchors.push({ from: endBefore, to: endAfter, length: before.length - endBefore });
  return merged(anchors);
}

/** Anchors without empty ones, those that touch on both sides as one. */
function merged(anchors: readonly Anchor[]): readonly Anchor[] {
  const result: Anchor[] = [];
  for (const anchor of anchors) {
    if (anchor.length === 0) continue;
    const last = result.at(-1);
    const touches = last !== undefined && last.from + last.length === anchor.from && last.to + last.length === anchor.to;
    if (touches) result[result.length - 1] = { ...last, length: last.length + anchor.length };
    else result.push(anchor);
  }
  return result;
}

function commonStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** Start of the line that holds an offset. */
function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1;
}

/** Where the common end begins in each text: at the start of a line in both, not before `start`. */
function commonEnd(before: string, after: string, start: number): readonly [before: number, after: number] {
  const limit = Math.min(before.length, after.length) - start;
  let length = 0;
  while (length < limit && before.charCodeAt(before.length - 1 - length) === after.charCodeAt(after.length - 1 - length)) length++;
  const newline = /\r\n|\n|\r/gu;
  newline.lastIndex = before.length - length;
  const found = newline.exec(before);
  const keep = found === null ? 0 : before.length - found.index - found[0].length;
  return [before.length - keep, after.length - keep];
}

function lineAnchors(before: string, after: string): readonly Anchor[] {
  if (before === '' || after === '') return [];
  const [a, b] = [linesOf(before), linesOf(after)];
  const changes = diffArrays(a, b, { maxEditLength: maxLineEdits });
  if (changes === undefined) return [];
  const anchors: Anchor[] = [];
  const at = { from: 0, to: 0 };
  let hunk = { from: '', to: '' };
  const flush = (): void => {
    for (const { from, to, length } of characterAnchors(hunk.from, hunk.to)) anchors.push({ from: at.from - hunk.from.length + from, to: at.to - hunk.to.length + to, length });
    hunk = { from: '', to: '' };
  };
  for (const { added, removed, value } of changes) {
    const text = value.join('');
    if (added) hunk.to += text;
    else if (removed) hunk.from += text;
    else {
      flush();
      anchors.push({ ...at, length: text.length });
    }
    if (!added) at.from += text.length;
    if (!removed) at.to += text.length;
  }
  flush();
  return anchors;
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/gu) ?? [];
}

function characterAnchors(before: string, after: string): readonly Anchor[] {
  if (before === '' || after === '') return [];
  const anchors: Anchor[] = [];
  const at = { from: 0, to: 0 };
  for (const { added, removed, value } of diffChars(before, after, { maxEditLength: maxCharacterEdits }) ?? []) {
    if (!added && !removed) anchors.push({ ...at, length: value.length });
    if (!added) at.from += value.length;
    if (!removed) at.to += value.length;
  }
  return anchors;
}
