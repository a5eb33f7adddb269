/** Keeps the target file in line with what is judged, and knows where it is not. */
import type { Standing } from '../../core/document/segment.ts';
import type { WantedText, WriteOutcome } from '../../protocol/documents.ts';
import { inTurns } from '../breath.ts';
import { standingOf, wantedText, type Target } from '../documents/target.ts';
import type { SourceDocument } from '../openDocument.ts';
import type { Judgments } from './judgments.ts';
import type { SegmentRecord } from './segmentRecord.ts';

export interface InLineParts {
  readonly document: Pick<SourceDocument, 'codec'>;
  readonly records: ReadonlyMap<string, SegmentRecord>;
  readonly judgments: Judgments;
  readonly target: Target;
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
  /** A write that saved other bytes as well, or left the file for its owner to save. */
  readonly onOutcome: (outcome: WriteOutcome) => void;
}

export class InLine {
  readonly #parts: InLineParts;

  constructor(parts: InLineParts) {
    this.#parts = parts;
  }

  /** The text that should stand in the document; undefined where none is accepted or the segment is gone. */
  wanted(segment: string): WantedText | undefined {
    const judgment = this.#parts.judgments.of(segment);
    return this.spelled(segment, judgment?.text, standingOf(judgment));
  }

  /** A text as it would stand in a segment's place. */
  spelled(segment: string, text: string | undefined, standing: Standing): WantedText | undefined {
    const record = this.#parts.records.get(segment);
    return record === undefined ? undefined : wantedText(this.#parts.document.codec, record.segment, text, standing);
  }

  /** Writes what is wanted of these segments now, by one write. Where that fails, they say that what is recorded does not stand there. */
  async bring(segments: readonly string[]): Promise<void> {
    const wanted = new Map<string, WantedText | undefined>();
    await inTurns(segments, (segment) => { wanted.set(segment, this.wanted(segment)); });
    const outcome = await this.#parts.target.put(wanted).catch(async (thrown: unknown) => {
      await this.refresh().catch(() => undefined); // of two failures the first is told
      await inTurns(wanted.keys(), (segment) => { this.#parts.tell(segment); });
      throw thrown;
    });
    if (outcome.kind !== 'written') this.#parts.onOutcome(outcome);
    await inTurns(wanted.keys(), (segment) => {
      const record = this.#parts.records.get(segment);
      if (record === undefined) return;
      record.inDocument = undefined;
      this.#parts.tell(segment);
    });
  }

  /** Compares the target file with what was judged: shows where they differ, and what the file holds for the other segments. */
  async refresh(): Promise<void> {
    const { judgments, target, records, tell } = this.#parts;
    const wanted = new Map<string, WantedText>();
    await inTurns(judgments.segments, (id) => {
      const should = this.wanted(id);
      if (should !== undefined) wanted.set(id, should);
    });
    const { differences, existing } = await target.compare(wanted);
    await inTurns(judgments.segments, (id) => {
      const record = records.get(id);
      const inDocument = differences.get(id);
      if (record === undefined || record.inDocument === inDocument) return;
      record.inDocument = inDocument;
      tell(id);
    });
    await inTurns(existing, ([id, text]) => {
      const record = records.get(id);
      if (record === undefined || record.existing === text) return;
      record.existing = text;
      tell(id);
    });
  }
}
