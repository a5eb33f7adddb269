/** What the reader has behind and before them: document mode's context, the window ahead, and what in it is stale. */
import type { CandidateSet } from '../../core/candidate.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { filteredInTurns } from '../breath.ts';
import { bestText } from '../translation/bestText.ts';
import type { SegmentRecord } from './segmentRecord.ts';

export interface Reading {
  /** Segment ids in document order. */
  readonly order: readonly string[];
  readonly record: (segment: string) => SegmentRecord;
  readonly judgment: (segment: string) => SegmentJudgment | undefined;
  readonly isJudged: (segment: string) => boolean;
}

/**
 * Segments before this one with what was accepted, else with what the file holds, else with the best candidate so far; newest
 * first, made as they are asked for: few of a long document are. None that is held out.
 */
export function* earlierPairs({ order, record, judgment }: Reading, segment: string): Iterable<TextPair> {
  for (const id of backwards(order, record(segment).number - 2)) {
    const { segment: { source }, candidates, existing, heldOut } = record(id);
    const target = heldOut ? undefined : judgment(id)?.text ?? existing ?? bestText(candidates);
    if (target !== undefined) yield { source, target };
  }
}

function* backwards(order: readonly string[], from: number): Iterable<string> {
  for (let at = from; at >= 0; at--) yield order[at] ?? '';
}

/** Pairs that the aligner learns from at most: about a second of the compute thread, in which it serves nobody else. */
const mostLearned = 2000;

/**
 * Sources with their candidates, for the aligner to learn the document's words from: the best of each segment where all are too
 * many, of every so-manieth segment where that is too many too. None that is held out.
 */
export async function candidatePairs({ order, record }: Reading): Promise<readonly TextPair[]> {
  const drawn = await filteredInTurns(order, (id) => !record(id).heldOut && record(id).candidates.length > 0);
  const step = Math.max(1, Math.ceil(drawn.length / mostLearned));
  const chosen = drawn.filter((_, index) => index % step === 0).map(record);
  const each = Math.max(1, Math.floor(mostLearned / chosen.length));
  return chosen.flatMap(({ segment: { source }, candidates }) => candidates.slice(0, each).map(({ text }) => ({ source, target: text })));
}

/** This segment and the `count` after it without an accepted text: what the reader wants next. */
export function segmentsAhead({ order, record, judgment }: Reading, segment: string, count: number): readonly string[] {
  const found = [segment];
  for (let index = record(segment).number; index < order.length && found.length <= count; index++) {
    const id = order[index];
    if (id !== undefined && judgment(id)?.text === undefined) found.push(id);
  }
  return found;
}

/** Those among the segments whose sets would come out otherwise now; judged ones stay as they were judged. */
export function staleRecords({ record, isJudged }: Reading, segments: readonly string[], isFresh: (set: CandidateSet) => boolean): readonly SegmentRecord[] {
  return segments.map(record).filter(({ set, stale, ref }) => set !== undefined && !stale && !isJudged(ref.id) && !isFresh(set));
}
