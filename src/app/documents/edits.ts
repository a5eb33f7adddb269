/** Edits of a text. Pure. */
import type { TextRange } from '../../core/document/segment.ts';

export interface Edit {
  readonly range: TextRange;
  readonly text: string;
}

/** A text with disjoint edits of it. */
export function applied(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    parts.push(text.slice(at, edit.range.start), edit.text);
    at = edit.range.end;
  }
  return parts.join('') + text.slice(at);
}

/** The smallest edit that makes one text of another; undefined where they are the same. Linear. */
export function editBetween(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (isInside(before, start) || isInside(after, start)) start--;
  let tail = 0;
  while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  if (isInside(before, before.length - tail) || isInside(after, after.length - tail)) tail--;
  return { range: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) };
}

/** Between the halves of a character, or of a line break: no place for an editor. */
function isInside(text: string, at: number): boolean {
  const [before, code] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return (code >= 0xdc00 && code < 0xe000 && before >= 0xd800 && before < 0xdc00) || (code === 0x0a && before === 0x0d);
}
