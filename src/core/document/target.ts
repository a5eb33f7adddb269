/** The target file of a monolingual format: the source's text with its segments replaced. Pure. */
import { writesWithoutSpaces } from '../text/languages.ts';
import { pairBlocks } from './blockPairs.ts';
import { framedFrom, framedGroup, type FramedGroup, type GivenTexts, type Standings } from './frames.ts';
import { partCount, writtenMessage, type WrittenMessage } from './messageParts.ts';
import { PositionMap } from './positionMap.ts';
import type { ParsedDocument, Segment, TextRange } from './segment.ts';

export interface ComposedTarget {
  readonly text: string;
  /**
   * Where each segment's text stands, in document order, disjoint; empty for a segment translated as ''. Pieces of frames stand
   * among them, under names of their own.
   */
  readonly ranges: ReadonlyMap<string, TextRange>;
  /** By segment that has a frame, the names of all that the frame is made of, in order: pieces and segments. */
  readonly framed: ReadonlyMap<string, readonly string[]>;
}

export interface LocatedText {
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The document with the segments in `texts` replaced; the others keep their source. Texts stand as they must in the file
 * (`Codec.encode`). Spaces between two sentences of a block go where the first is translated into a language that writes
 * without them, or the second is ''; line breaks stay. Segments of one frame are written together. Linear.
 * @param standings who answers for each text; absent: all have been accepted
 */
// The fourth says more about the second, and most have nothing to say.
export function composeTarget(document: ParsedDocument, texts: ReadonlyMap<string, string>, targetLanguage: string, standings?: Standings): ComposedTarget {
  const given: GivenTexts = { texts, given: (id) => (texts.has(id) ? 'accepted' : undefined), before: () => undefined, ...standings };
  const unspaced = writesWithoutSpaces(targetLanguage);
  const into = new Composition(document);
  const { segments, text } = document;
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    if (segment === undefined) continue;
    const frame = segment.unit?.frame;
    if (frame !== undefined) {
      const group = framedFrom(segments, index, frame);
      into.addGroup(group, framedGroup(document, group, frame, given), frame.range);
      index += group.length - 1;
      continue;
    }
    if (segment.unit?.branch?.anew !== undefined) {
      const parts = segments.slice(index, index + partCount(segments, index));
      into.addMessage(parts, parts.some(({ id }) => texts.has(id)) ? writtenMessage(parts, ({ id }) => texts.get(id)) : undefined);
      index += parts.length - 1;
      continue;
    }
    const translation = texts.get(segment.id);
    const next = segments[index + 1];
    const joined = (unspaced && translation !== undefined) || (next !== undefined && texts.get(next.id) === '');
    into.add(segment, translation, joined && isSpaceBetween(text, segment, next) ? segment.gap.end : segment.range.end);
  }
  return into.finished();
}

/** A target as it grows. */
class Composition {
  readonly #document: ParsedDocument;
  readonly #ranges = new Map<string, TextRange>();
  readonly #framed = new Map<string, readonly string[]>();
  readonly #parts: string[] = [];
  #length = 0;
  /** Up to where the document is taken in. */
  #at = 0;

  constructor(document: ParsedDocument) {
    this.#document = document;
  }

  /** @param end where the document goes on behind it */
  add({ id, range }: Segment, translation: string | undefined, end: number): void {
    const { text } = this.#document;
    this.#push(text.slice(this.#at, range.start));
    this.#place(id, translation ?? text.slice(range.start, range.end));
    this.#at = end;
  }

  addGroup(segments: readonly Segment[], { pieces, texts }: FramedGroup, { start, end }: TextRange): void {
    this.#push(this.#document.text.slice(this.#at, start));
    const first = segments[0]?.id ?? '';
    const names: string[] = [];
    pieces.forEach((piece, index) => {
      const name = `${first}#${index}`;
      this.#place(name, piece);
      const id = segments[index]?.id;
      names.push(name, ...(id === undefined ? [] : [id]));
      if (id !== undefined) this.#place(id, texts[index] ?? '');
    });
    for (const { id } of segments) this.#framed.set(id, names);
    this.#at = end;
  }

  /** @param written undefined: the message as it stands in the file, where its first part has all of it */
  addMessage(parts: readonly Segment[], written: WrittenMessage | undefined): void {
    const { text } = this.#document;
    const { start, end } = parts[0]?.range ?? { start: this.#at, end: this.#at };
    this.#push(text.slice(this.#at, start));
    const [from, whole] = [this.#length, written?.text ?? text.slice(start, end)];
    for (const [index, { id }] of parts.entries()) {
      const range = written?.ranges[index] ?? { start: index === 0 ? 0 : whole.length, end: whole.length };
      this.#ranges.set(id, { start: from + range.start, end: from + range.end });
    }
    this.#push(whole);
    this.#at = end;
  }

  finished(): ComposedTarget {
    this.#push(this.#document.text.slice(this.#at));
    return { text: this.#parts.join(''), ranges: this.#ranges, framed: this.#framed };
  }

  #place(name: string, text: string): void {
    const start = this.#length;
    this.#push(text);
    this.#ranges.set(name, { start, end: this.#length });
  }

  #push(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
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
