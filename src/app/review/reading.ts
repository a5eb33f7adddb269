/** What the reader has behind and before them: document mode's context, the window ahead, and what in it is stale. */
import type { CandidateSet } from '../../core/candidate.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { bestText } from '../translation/bestText.ts';
import type { IsHeldOut } from '../../store/heldOutStore.ts';
import type { SegmentRecord } from './segmentRecord.ts';

export interface Reading {
  /** Segment ids in document order. */
  readonly order: readonly string[];
  readonly record: (segment: string) => SegmentRecord;
  readonly judgment: (segment: string) => SegmentJudgment | undefined;
  readonly isJudged: (segment: string) => boolean;
  readonly isHeldOut: IsHeldOut;
}

/** Segments before this one with what was accepted, else with what the file holds, else with the best candidate so far; oldest first. None that is held out. */
export function earlierPairs({ order, record, judgment, isHeldOut }: Reading, segment: string): readonly TextPair[] {
  return order.slice(0, order.indexOf(segment)).flatMap((id) => {
    const { segment: { source }, candidates, existing } = record(id);
    if (isHeldOut(source)) return [];
    const target = judgment(id)?.text ?? existing ?? bestText(candidates);
    return target === undefined ? [] : [{ source, target }];
  });
}

/** Every source with each of its candidates, for the aligner to learn the document's words from. None that is held out. */
export function candidatePairs({ order, record, isHeldOut }: Reading): readonly TextPair[] {
  return order.map(record).flatMap(({ segment: { source }, candidates }) => isHeldOut(source) ? [] : candidates.map(({ text }) => ({ source, target: text })));
}

/** This segment and the `count` after it without an accepted text: what the reader wants next. */
export function segmentsAhead({ order, judgment }: Reading, segment: string, count: number): readonly string[] {
  const found = [segment];
  for (let index = order.indexOf(segment) + 1; index < order.length && found.length <= count; index++) {
    const id = order[index];
    if (id !== undefined && judgment(id)?.text === undefined) found.push(id);
  }
  return found;
}

/** Those among the segments whose sets would come out otherwise now; judged ones stay as they were judged. */
export function staleRecords({ record, isJudged }: Reading, segments: readonly string[], isFresh: (set: CandidateSet) => boolean): readonly SegmentRecord[] {
  return segments.map(record).filter(({ set, stale, ref }) => set !== undefined && !stale && !isJudged(ref.id) && !isFresh(set));
}
