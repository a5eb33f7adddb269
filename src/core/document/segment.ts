/** What a codec makes of a file. Pure types; offsets are UTF-16 code units of the decoded text without its BOM. */
import type { ColumnChoice } from './columns.ts';

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

/** `string` is the value of a resource: its line breaks are part of it, in all other kinds they are wrapping. */
export type SegmentKind = 'sentence' | 'heading' | 'listItem' | 'tableCell' | 'quote' | 'caption' | 'string';

/** How far a format says that a text has come, from least to most. */
export type UnitState = 'new' | 'needsReview' | 'translated' | 'final';

/** Inline markup that is shown in one form and stands in the file in another: `<b>` for `&lt;b&gt;`. */
export interface InlineCode {
  readonly shown: string;
  readonly raw: string;
}

/**
 * Plural forms differ between languages: a form that the file lacks is written with its `before` and `after`, and the last form
 * of a group carries what is left of those that its language does not have. A file in another language has other wraps, so a
 * text goes from one to the other by `reframe`.
 */
export interface Wrap {
  readonly before: string;
  readonly after: string;
  /** Between an added entry and the next one. */
  readonly gap: string;
}

/**
 * Values that the file holds as one: parts of a `<target>`, plural forms of a message, variations of a string. As soon as one of
 * them is given all are written, with a head that says how far the least finished of them has come. The segments of one frame
 * have the same, and follow each other; a value without a letter has a place and no segment.
 */
export interface Frame {
  /** What it takes the place of in the file. */
  readonly range: TextRange;
  /** Which of its places is the segment's, from 0. */
  readonly place: number;
  readonly head: FrameHead;
  /** What stands behind each place. */
  readonly behind: readonly string[];
  /** What stands in each place where nothing is given for it. */
  readonly own: readonly string[];
  /** What stands in a place whose text is taken back; absent: what stands there where nothing is given. */
  readonly empty?: string | undefined;
}

/** What stands before the first place, by how far the least finished one has come. */
export interface FrameHead {
  /** Nothing stands in any place. */
  readonly blank: string;
  /** A place is empty, or nobody has translated what stands there. */
  readonly new: string;
  /** Somebody has yet to look at one. */
  readonly needsReview: string;
  readonly done: string;
  /** Given texts are those that stand there already: what says nothing of states keeps saying nothing. */
  readonly confirmed?: string | undefined;
}

/** A translation that the file itself proposes for one of its texts: of a memory, of a machine, of an earlier version. */
export interface FileMatch {
  /** What it is the translation of, decoded; absent where that is the text itself. */
  readonly source?: string | undefined;
  /** Decoded, inline codes as the file spells them, without its outer white space. */
  readonly target: string;
  /** 0 to 100, as the tool that put it there says. */
  readonly score?: number | undefined;
  /** Where that tool has it from. */
  readonly origin?: string | undefined;
}

/** What is chosen of one argument on the way to a branch of a message. */
export interface MessageChoice {
  readonly argument: string;
  /** `select`, or what a plural's names go by: `cardinal 0`, `ordinal 1` (with its offset). */
  readonly kind: string;
  /** A select's value, a plural's category or number: `one`, `=1`. */
  readonly name: string;
}

/** A value that is one branch of a message in the file (ICU plural, select). */
export interface MessageBranch {
  /** The whole message, decoded. */
  readonly message: string;
  readonly path: readonly MessageChoice[];
  /** True for a form that the target language has and the message lacks; one with a place of its own has an empty range there. */
  readonly isAdded?: boolean;
  /**
   * Absent where the branch has a place of its own in the file. Else the segment's range is that of the whole message, and this is
   * the message as it is written when one of its branches is: as the file spells it, with the branch's place in it.
   */
  readonly anew?: { readonly text: string; readonly range: TextRange };
}

/** What a structured format (XLIFF, PO, resources) adds to a segment. There `source` is decoded and `range` is the slot. */
export interface UnitData {
  /** Unique in the file and stable: ids, keys, paths. */
  readonly key: string;
  /** Stand in the slot around the escaped text: a `<target state="...">`, quotes. */
  readonly before: string;
  readonly after: string;
  /** White space at the ends of the value, decoded; written again around a translation. */
  readonly lead: string;
  readonly trail: string;
  readonly codes: readonly InlineCode[];
  /** Translation that stands in a bilingual file, decoded, without its outer white space; absent when there is none. */
  readonly existing?: string | undefined;
  /** The same as the file spells it, between `before` and `after`. */
  readonly existingRaw?: string | undefined;
  readonly state?: UnitState | undefined;
  /** What developers and earlier translators noted. */
  readonly note?: string | undefined;
  /** What the file proposes here, in its order. */
  readonly matches?: readonly FileMatch[] | undefined;
  /** The whole entry in the file, to copy it where a translated file lacks it; entries with the same parent stand side by side. */
  readonly entry?: TextRange | undefined;
  readonly parent?: string | undefined;
  /** Longest translation that is allowed, in graphemes. */
  readonly maxLength?: number | undefined;
  /** CLDR category of a plural form. */
  readonly plural?: string | undefined;
  /** The form is one of an ordinal number: first, second. */
  readonly ordinal?: boolean | undefined;
  readonly branch?: MessageBranch | undefined;
  /** Stands around the encoded text in this file alone: the rest of a message, of an entry that is yet to be added. */
  readonly wrap?: Wrap | undefined;
  readonly frame?: Frame | undefined;
  /** How the format writes this value, where it has several ways; known to its codec alone. */
  readonly style?: string | undefined;
}

/** What is to be translated, without its place in the file: all that a review holds of a segment. */
export interface SegmentText {
  /** `hash(normalised source)-occurrence`: survives edits elsewhere in the file (decisions.md 4). */
  readonly id: string;
  /** Running text: as it stands in the file, markup included, soft line breaks kept. Structured formats: the decoded value. */
  readonly source: string;
  readonly protectedSpans: readonly ProtectedSpan[];
  readonly kind: SegmentKind;
  /** Only in structured formats. */
  readonly unit?: UnitData;
}

export interface Segment extends SegmentText {
  /** What a translation replaces. */
  readonly range: TextRange;
  /** White space between this segment and the next of the same block; empty range at a block's end. */
  readonly gap: TextRange;
  /** Index of the block (paragraph, heading, cell) in the document: sentences of one block share it. */
  readonly block: number;
}

export interface ParsedDocument {
  readonly codec: CodecId;
  readonly text: string;
  readonly segments: readonly Segment[];
}

export type CodecId = 'text' | 'markdown' | 'mdx' | 'html' | 'xliff' | 'po' | 'android' | 'properties' | 'json' | 'yaml' | 'resx'
  | 'strings' | 'stringsdict' | 'xcstrings' | 'srt' | 'vtt' | 'csv' | 'tmx';

export interface ParseOptions {
  /** Named in errors. */
  readonly path: string;
  /** BCP 47 tag; decides the sentence rules. */
  readonly sourceLanguage: string;
  /** BCP 47 tag; only bilingual formats that hold several languages look at it. Absent: whichever comes first. */
  readonly targetLanguage?: string;
  /**
   * True for a monolingual file that holds translations: values that are empty or have no letter, and entries without a value,
   * are places of it too.
   */
  readonly isTranslation?: boolean;
  /** Of a table; other formats do not look at it. */
  readonly columns?: ColumnChoice;
}

/** Who answers for a text that is written: a person accepted it, or it was filled in from a repeat and nobody has looked at it. */
export type Standing = 'accepted' | 'filled';

/** One file format. Parsing keeps every byte addressable; writing goes through `composeTarget` and `spliceText`. */
export interface Codec {
  readonly id: CodecId;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** True where source and translation stand in one file, which is edited in place. */
  readonly bilingual?: boolean;
  /**
   * The tag of the language that a file's sources are in, as the file spells it; of several the one whose texts go into the target.
   * `head` is the beginning of its text and may break off anywhere. Undefined where it names none.
   */
  namedSource?(head: string, targetLanguage: string): string | undefined;
  /**
   * The text of a file with what names its language changed to the target's: the skeleton of a new target file. A bilingual
   * file that is edited in place stays as it is. Where the format has no such thing, absent.
   */
  retarget?(text: string, targetLanguage: string, path: string): string;
  /** @throws AppError `document.syntax` with line and column, `document.empty` when there is nothing to translate. */
  parse(text: string, options: ParseOptions): ParsedDocument;
  /**
   * A translation as it must stand in the file (escaping), with the state that its standing (default `accepted`) has in formats
   * with states. `segment` is the one it belongs to.
   */
  encode(translation: string, segment: SegmentText, standing?: Standing): string;
}
