/** What counts as the same source: white space, line wrapping and Unicode composition do not. Pure. */
import type { SegmentKind } from './segment.ts';

/**
 * A soft line break with the white space around it. In a block quote the `>` of the next line belongs to it: such a marker
 * must reach neither the model nor the identity of a segment.
 */
export function softBreaks(kind: SegmentKind): RegExp {
  // blanks are looked at from their first one only: else a long run of them would take the square of its length
  return kind === 'quote' ? /(?<![ \t])[ \t]*(?:\r\n|\n|\r)(?:[ \t]*>)*[ \t]*/g : /(?<![ \t])[ \t]*(?:\r\n|\n|\r)[ \t]*/g;
}

/** Words of ASCII with one space between them: most of the work is to see that there is none. */
const plain = /^[!-~]+(?: [!-~]+)*$/u;

/** A source on one line, in NFC, runs of white space as one space: what segment ids are made of. */
export function normaliseSource(source: string, kind: SegmentKind): string {
  if (plain.test(source)) return source;
  return source.replace(softBreaks(kind), ' ').normalize('NFC').replace(/\s+/gu, ' ').trim();
}
