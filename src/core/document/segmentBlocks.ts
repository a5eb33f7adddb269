/** Blocks of a document to segments: what every codec of running text shares. Pure. */
import { sentenceRanges } from '../text/sentences.ts';
import { segmentIds } from './segmentId.ts';
import { softBreaks } from './normalise.ts';
import type { ProtectedSpan, Segment, SegmentKind, TextRange } from './segment.ts';

/** A paragraph, heading or cell as a codec finds it. */
export interface Block {
  readonly range: TextRange;
  readonly kind: SegmentKind;
  /** In order, disjoint, as offsets of the document. */
  readonly spans: readonly ProtectedSpan[];
  /** Stretches that one segment must hold: an emphasis or a link with both its markers. */
  readonly whole: readonly TextRange[];
}

const none: readonly never[] = [];

/** Stands for every character of a protected span: neither a letter nor the end of a sentence. */
const mask = '\uE000';

/**
 * Sentences of the blocks as segments, in order and disjoint. Sentences without a letter outside protected spans are left
 * out: there is nothing to translate. Linear.
 */
export function segmentBlocks(text: string, blocks: readonly Block[], language: string): readonly Segment[] {
  const nextId = segmentIds();
  const segments: Segment[] = [];
  blocks.forEach((block, index) => {
    for (const { range, gap } of sentencesOf(text, block, language)) {
      const source = text.slice(range.start, range.end);
      segments.push({ id: nextId(source, block.kind), source, range, gap, protectedSpans: spansIn(block.spans, range), kind: block.kind, block: index });
    }
  });
  return segments;
}

interface Sentence {
  readonly range: TextRange;
  readonly gap: TextRange;
}

function sentencesOf(text: string, block: Block, language: string): readonly Sentence[] {
  const from = block.range.start;
  const masked = maskBlock(text, block);
  const ranges = sentenceRanges(masked, language, uncuttable(block));
  return ranges.flatMap((range, index) => {
    if (!hasLetter(masked, range)) return [];
    const next = ranges[index + 1];
    const gapEnd = next !== undefined && hasLetter(masked, next) ? next.start : range.end;
    return [{ range: shifted(range, from), gap: shifted({ start: range.end, end: gapEnd }, from) }];
  });
}

function hasLetter(masked: string, { start, end }: TextRange): boolean {
  return /\p{L}/u.test(masked.slice(start, end));
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** The block with spans and soft breaks overwritten in place, so that offsets stay. */
function maskBlock(text: string, block: Block): string {
  let masked = '';
  let at = block.range.start;
  for (const { range } of block.spans) {
    masked += text.slice(at, range.start) + mask.repeat(range.end - range.start);
    at = range.end;
  }
  masked += text.slice(at, block.range.end);
  return masked.replace(softBreaks(block.kind), (line) => ' '.repeat(line.length));
}

/** What no cut may go through, relative to the block. */
function uncuttable({ range: { start: from }, spans, whole }: Block): readonly TextRange[] {
  return [...whole, ...spans.map(({ range }) => range)].map((range) => shifted(range, -from));
}

function spansIn(spans: readonly ProtectedSpan[], range: TextRange): readonly ProtectedSpan[] {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.range.end ?? 0) <= range.start) low = middle + 1;
    else high = middle;
  }
  if ((spans[low]?.range.start ?? Infinity) >= range.end) return none;
  const found: ProtectedSpan[] = [];
  for (let span = spans[low]; span !== undefined && span.range.start < range.end; span = spans[++low]) {
    found.push({ ...span, range: shifted(span.range, -range.start) });
  }
  return found;
}
