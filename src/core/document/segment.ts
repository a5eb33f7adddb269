/** What a codec makes of a file. Pure types; offsets are UTF-16 code units of the decoded text without its BOM. */

export interface TextRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * A stretch of a segment's source that must survive translation unchanged: inline code, a link's target, an HTML tag.
 * `range` is relative to `Segment.source`.
 */
export interface ProtectedSpan {
  readonly range: TextRange;
  readonly kind: 'code' | 'link' | 'html' | 'image' | 'emphasis' | 'placeholder' | 'escape';
  /** For a marker of a pair around text that is translated (`**`, `[` and `](url)`): which of the two. Pairs nest. */
  readonly side?: 'open' | 'close';
}

export type SegmentKind = 'sentence' | 'heading' | 'listItem' | 'tableCell' | 'quote' | 'caption';

export interface Segment {
  /** `hash(normalised source)-occurrence`: survives edits elsewhere in the file (decisions.md 4). */
  readonly id: string;
  /** As it stands in the file, markup included, soft line breaks kept. */
  readonly source: string;
  readonly range: TextRange;
  /** White space between this segment and the next of the same block; empty range at a block's end. */
  readonly gap: TextRange;
  readonly protectedSpans: readonly ProtectedSpan[];
  readonly kind: SegmentKind;
  /** Index of the block (paragraph, heading, cell) in the document: sentences of one block share it. */
  readonly block: number;
}

export interface ParsedDocument {
  readonly codec: CodecId;
  readonly text: string;
  readonly segments: readonly Segment[];
}

export type CodecId = 'text' | 'markdown';

export interface ParseOptions {
  /** Named in errors. */
  readonly path: string;
  /** BCP 47 tag; decides the sentence rules. */
  readonly sourceLanguage: string;
}

/** One file format. Parsing keeps every byte addressable; writing goes through `composeTarget` and `spliceText`. */
export interface Codec {
  readonly id: CodecId;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** @throws AppError `document.syntax` with line and column, `document.empty` when there is nothing to translate. */
  parse(text: string, options: ParseOptions): ParsedDocument;
  /** A translation as it must stand in the file (escaping). `segment` is the one it belongs to. */
  encode(translation: string, segment: Segment): string;
}
