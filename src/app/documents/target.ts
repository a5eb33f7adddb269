import type { Codec, SegmentText, Standing } from '../../core/document/segment.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import type { ExistingText, ExpectedText, WantedText, WriteOutcome } from '../../protocol/documents.ts';

export interface Comparison {
  /** As `differences`. */
  readonly differences: ReadonlyMap<string, string>;
  /** What the file holds for the other segments, as far as it is not what the comparison before told; no untranslated source. */
  readonly existing: readonly ExistingText[];
}

/** What a review asks of the target file, wherever that is worked on. All fail with AppError `document.*` or `store.*`. */
export interface Target {
  /**
   * Puts wanted texts in their segments' places, by one write; undefined puts back what was there before any judgment. A text
   * that stands there already keeps every byte, but for a state that says that it is not done.
   */
  put(wanted: ReadonlyMap<string, WantedText | undefined>): Promise<WriteOutcome>;
  /** What we believe stands in a segment's place; undefined for its untranslated source. */
  expected(segment: string): Promise<ExpectedText | undefined>;
  /** Those of the wanted texts that do not stand in the file and are not acknowledged: what stands there, as people read it. */
  differences(wanted: ReadonlyMap<string, WantedText>): Promise<ReadonlyMap<string, string>>;
  /** What the file holds now beside the accepted texts, which are all the wanted ones. */
  compare(wanted: ReadonlyMap<string, WantedText>): Promise<Comparison>;
  /** The reviewer is content with what stands in the document: it is no difference any more. */
  acknowledge(segment: string, inDocument: string): Promise<void>;
  /** Puts `text` back on disk after something that runs on save had changed it. */
  restore(text: string): Promise<void>;
  /** Stores what is known, and where the reviewer is, so that the next window finds the same. */
  remember(focus?: string): Promise<void>;
}

/** Who answers for what a judgment says. */
export function standingOf(judgment: Pick<SegmentJudgment, 'filled'> | undefined): Standing {
  return judgment?.filled === undefined ? 'accepted' : 'filled';
}

/** A text as it should stand in its file; undefined where there is none. */
export function wantedText(codec: Codec, segment: SegmentText, text: string | undefined, standing: Standing = 'accepted'): WantedText | undefined {
  if (text === undefined) return undefined;
  const encoded = codec.encode(text, segment, standing);
  return { encoded, read: segment.unit === undefined ? text : readValue(text), standing };
}

/** A value of a structured format as people read it: without its outer white space, whichever line ends the file has. */
export function readValue(text: string): string {
  return text.trim().replace(/\r\n?/gu, '\n');
}
