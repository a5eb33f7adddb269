import type { CandidateSet } from '../../core/candidate.ts';
import type { CandidateStore } from '../../store/candidateStore.ts';
import type { Wish } from '../translation/steering.ts';
import type { SegmentJob } from '../translation/translateSegment.ts';
import { lastRound, shownCandidates, type SegmentRecord } from './segmentRecord.ts';

export interface AskingParts {
  readonly record: (segment: string) => SegmentRecord;
  readonly store: CandidateStore;
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
}

/** More candidates beside those that a segment has, because a reviewer asked for them. */
export class Asking {
  readonly #parts: AskingParts;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** What has to be drawn; each asking is a round of its own. */
  job(segment: string, wish: Wish): SegmentJob {
    const record = this.#parts.record(segment);
    return { segment: record.segment, ref: record.ref, steering: { ...wish, round: lastRound(record) + 1 } };
  }

  /** What has come so far; undefined: nothing more comes. */
  onArriving(segment: string, arriving: SegmentRecord['arriving']): void {
    this.#parts.record(segment).arriving = arriving;
    this.#parts.tell(segment);
  }

  /** The finished set. Answers how many of its texts were not there before. */
  async onSet(set: CandidateSet): Promise<number> {
    const record = this.#parts.record(set.segment.id);
    record.arriving = undefined;
    const before = shownCandidates(record).length;
    await this.#parts.store.append(set);
    record.asked = [set, ...record.asked];
    this.#parts.tell(set.segment.id);
    return shownCandidates(record).length - before;
  }
}
