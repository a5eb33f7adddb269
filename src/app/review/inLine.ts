/** Keeps the target file in line with what is judged, and knows where it is not. */
import type { Standing } from '../../core/document/segment.ts';
import type { WantedText, WriteOutcome } from '../../protocol/documents.ts';
import { Breath } from '../breath.ts';
import { wantedText, type Target } from '../documents/target.ts';
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
    return this.spelled(segment, judgment?.text, judgment?.filled === undefined ? 'accepted' : 'filled');
  }

  /** A text as it would stand in a segment's place. */
  spelled(segment: string, text: string | undefined, standing: Standing): WantedText | undefined {
    const record = this.#parts.records.get(segment);
    return record === undefined ? undefined : wantedText(this.#parts.document.codec, record.segment, text, standing);
  }

  /** Writes what is wanted of these segments now, by one write. Where that fails, they say that what is recorded does not stand there. */
  async bring(segments: readonly string[]): Promise<void> {
    const breath = new Breath();
    const wanted = new Map<string, WantedText | undefined>();
    for (const segment of segments) {
      wanted.set(segment, this.wanted(segment));
      if (breath.isDue) await breath.taken();
    }
    const outcome = await this.#parts.target.put(wanted).catch(async (thrown: unknown) => {
      await this.refresh().catch(() => undefined); // of two failures the first is told
      for (const segment of wanted.keys()) this.#parts.tell(segment);
      throw thrown;
    });
    if (outcome.kind !== 'written') this.#parts.onOutcome(outcome);
    for (const segment of wanted.keys()) {
      const record = this.#parts.records.get(segment);
      if (record === undefined) continue;
      record.inDocument = undefined;
      this.#parts.tell(segment);
      if (breath.isDue) await breath.taken();
    }
  }

  /** Compares the target file with what was judged: shows where they differ, and what the file holds for the other segments. */
  async refresh(): Promise<void> {
    const { judgments, target, records, tell } = this.#parts;
    const wanted = new Map([...judgments.segments].flatMap((id) => {
      const should = this.wanted(id);
      return should === undefined ? [] : [[id, should] as const];
    }));
    const { differences, existing } = await target.compare(wanted);
    for (const id of judgments.segments) {
      const record = records.get(id);
      const inDocument = differences.get(id);
      if (record === undefined || record.inDocument === inDocument) continue;
      record.inDocument = inDocument;
      tell(id);
    }
    for (const [id, text] of existing) {
      const record = records.get(id);
      if (record === undefined || record.existing === text) continue;
      record.existing = text;
      tell(id);
    }
  }
}
