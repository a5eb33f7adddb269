/** Plain text: paragraphs between blank lines, sentences inside. Pure. */
import { AppError } from '../errors.ts';
import { trimmed } from '../text/sentences.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText, TextRange } from './segment.ts';
import { segmentBlocks, type Block } from './segmentBlocks.ts';

/** A bullet or a number at the start of a line, with the white space after it. */
const listMarker = /^[ \t]*(?:[-*+•‣◦・–—]|\(?\d{1,3}[.)])[ \t]+/u;

export const plainText: Codec = {
  id: 'text',
  extensions: ['.txt', '.text'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = segmentBlocks(text, blocksOf(text), options.sourceLanguage);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'text', text, segments };
  },
  /** On one line, as a line break in a translation would end its paragraph or list item. */
  encode(translation: string, segment: SegmentText): string {
    return translation === segment.source ? translation : translation.replace(/\s*[\r\n]\s*/gu, ' ').trim();
  },
};

/** A blank line ends a block, and so does a line that begins with a bullet or a number: its marker is no part of it. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: TextRange | undefined;
  const close = (): void => {
    const range = open === undefined ? undefined : trimmed(text, open.start, open.end);
    if (range !== undefined) blocks.push({ range, kind: 'sentence', spans: [], whole: [] });
    open = undefined;
  };
  for (const line of linesOf(text)) {
    const content = text.slice(line.start, line.end);
    const marker = listMarker.exec(content)?.[0].length ?? 0;
    if (marker > 0 || content.trim() === '') close();
    if (content.trim() !== '') open = { start: open?.start ?? line.start + marker, end: line.end };
  }
  close();
  return blocks;
}

/** Lines without their ends, which may be LF, CRLF or CR in any mixture. */
function* linesOf(text: string): Generator<TextRange> {
  let start = 0;
  for (const newline of text.matchAll(/\r\n|\n|\r/g)) {
    yield { start, end: newline.index };
    start = newline.index + newline[0].length;
  }
  yield { start, end: text.length };
}
