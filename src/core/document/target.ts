/** The target file of a monolingual format: the source's text with its segments replaced. Pure. */
import { writesWithoutSpaces } from '../text/languages.ts';
import { pairBlocks } from './blockPairs.ts';
import { PositionMap } from './positionMap.ts';
import type { ParsedDocument, Segment, TextRange } from './segment.ts';

export interface ComposedTarget {
  readonly text: string;
  /** Where each segment's text stands, in document order, disjoint; empty for a segment translated as ''. */
  readonly ranges: ReadonlyMap<string, TextRange>;
}

export interface LocatedText {
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The document with the segments in `texts` replaced; the others keep their source. Texts stand as they must in the file
 * (`Codec.encode`). Spaces between two sentences of a block go where the first is translated into a language that writes
 * without them, or the second is ''; line breaks stay. Linear.
 */
export function composeTarget(document: ParsedDocument, texts: ReadonlyMap<string, string>, targetLanguage: string): ComposedTarget {
  const unspaced = writesWithoutSpaces(targetLanguage);
  const ranges = new Map<string, TextRange>();
  const parts: string[] = [];
  let length = 0;
  let at = 0;
  const push = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  document.segments.forEach((segment, index) => {
    push(document.text.slice(at, segment.range.start));
    const translation = texts.get(segment.id);
    const start = length;
    push(translation ?? document.text.slice(segment.range.start, segment.range.end));
    ranges.set(segment.id, { start, end: length });
    const next = document.segments[index + 1];
    const joined = (unspaced && translation !== undefined) || (next !== undefined && texts.get(next.id) === '');
    at = joined && isSpaceBetween(document.text, segment, next) ? segment.gap.end : segment.range.end;
  });
  push(document.text.slice(at));
  return { text: parts.join(''), ranges };
}

function isSpaceBetween(text: string, { gap, block }: Segment, next: Segment | undefined): boolean {
  return next?.block === block && gap.end === next.range.start && /^[ \t]+$/u.test(text.slice(gap.start, gap.end));
}

/**
 * Where each segment's text stands in a target file that has been edited since it was composed: by hand, by a formatter or by
 * a checkout. Unchanged stretches anchor the rest; text typed right at a segment's end or start, on the same line, counts as
 * the segment's. Every segment has a range, empty if it was deleted; ranges are in order and disjoint. Never throws.
 *
 * O(m) for m segments where nothing was edited, O(n) for n characters and a change in one place, else O(n + d²) for d changed lines, and again for the characters inside a
 * changed stretch, both up to a limit; beyond it positions inside the stretch are estimated by proportion.
 */
export function locateSegments(expected: ComposedTarget, actual: string): ReadonlyMap<string, LocatedText> {
  const result = new Map<string, LocatedText>();
  if (expected.text === actual) {
    for (const [id, range] of expected.ranges) result.set(id, { range, text: actual.slice(range.start, range.end) });
    return result;
  }
  const map = new PositionMap(expected.text, actual);
  let last = 0;
  for (const [id, range] of expected.ranges) {
    const mapped = map.range(range);
    const start = Math.max(last, mapped.start);
    const end = Math.max(start, mapped.end);
    result.set(id, { range: { start, end }, text: actual.slice(start, end) });
    last = end;
  }
  return result;
}

/** `actual` with `range` replaced by `text` and nothing else touched. */
export function spliceText(actual: string, range: TextRange, text: string): string {
  return actual.slice(0, range.start) + text + actual.slice(range.end);
}

/**
 * Takes over an existing translation, segment by segment: blocks are paired by kind in order, and within a pair
 *
 * - as many sentences on both sides: one to one;
 * - otherwise the whole translated block goes to the first segment and '' to the others, so that nothing of it is lost and
 *   no source sentence is left behind it. This is not done where text that is no segment stands between the source's
 *   sentences (it would be doubled): such a block, like a block without partner, stays untranslated.
 *
 * Texts equal to the source are left out, as they are no translation. O(n · m) for n and m blocks.
 */
export function matchExisting(source: ParsedDocument, target: ParsedDocument): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [from, to] of pairBlocks(source, target)) {
    if (from.length === to.length) {
      from.forEach((segment, index) => texts.set(segment.id, to[index]?.source ?? segment.source));
      continue;
    }
    const [first, last] = [to[0], to.at(-1)];
    if (first === undefined || last === undefined || !isSolid(from)) continue;
    from.forEach((segment, index) => texts.set(segment.id, index === 0 ? target.text.slice(first.range.start, last.range.end) : ''));
  }
  for (const { id, source: text } of source.segments) if (texts.get(id) === text) texts.delete(id);
  return texts;
}

/** Nothing but gaps between the sentences. */
function isSolid(segments: readonly Segment[]): boolean {
  return segments.every((segment, index) => {
    const next = segments[index + 1];
    return next === undefined || segment.gap.end === next.range.start;
  });
}
