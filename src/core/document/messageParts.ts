/** Branches of a message that have no places of their own in the file: with the first that is written, the message is. Pure. */
import type { ParsedDocument, Segment, TextRange } from './segment.ts';

/** What stands in a segment's place, or what the message would have there once it is written. */
export function rawText({ text }: Pick<ParsedDocument, 'text'>, { range, unit }: Segment): string {
  const anew = unit?.branch?.anew;
  return anew === undefined ? text.slice(range.start, range.end) : anew.text.slice(anew.range.start, anew.range.end);
}

/** How many segments from `index` on share one place in the file; 1 for most. */
export function partCount(segments: readonly Segment[], index: number): number {
  const anew = segments[index]?.unit?.branch?.anew;
  if (anew === undefined) return 1;
  let end = index + 1;
  while (isPartOf(segments[end], anew, segments[index])) end++;
  return end - index;
}

function isPartOf(segment: Segment | undefined, anew: { readonly text: string }, first: Segment | undefined): boolean {
  return segment?.unit?.branch?.anew?.text === anew.text && segment.range.start === first?.range.start;
}

export interface WrittenMessage {
  readonly text: string;
  /** Of the parts, in their order. */
  readonly ranges: readonly TextRange[];
}

/**
 * The message with those of its parts that have a text; the others say what they say now. `parts` are segments of one message in
 * order; texts are as the file spells them. Linear.
 */
export function writtenMessage(parts: readonly Segment[], textOf: (part: Segment) => string | undefined): WrittenMessage {
  const ranges: TextRange[] = [];
  let text = '';
  let at = 0;
  const whole = parts[0]?.unit?.branch?.anew?.text ?? '';
  for (const part of parts) {
    const range = part.unit?.branch?.anew?.range ?? { start: at, end: at };
    text += whole.slice(at, range.start);
    const start = text.length;
    text += textOf(part) ?? whole.slice(range.start, range.end);
    ranges.push({ start, end: text.length });
    at = range.end;
  }
  return { text: text + whole.slice(at), ranges };
}

/** What comes into a segment's place in the file with one text: the text, or the message with it. */
export function placedText(segment: Segment, text: string): string {
  return segment.unit?.branch?.anew === undefined ? text : writtenMessage([segment], () => text).text;
}
