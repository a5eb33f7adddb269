import type { Candidate, CandidateSet, SegmentRef } from '../../core/candidate.ts';
import type { AppError } from '../../core/errors.ts';
import type { Segment } from '../../core/document/segment.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import { candidateHash, sha256Hex } from '../../core/hash.ts';
import type { CandidateView, Difference, SegmentState, SegmentView } from '../../protocol/review.ts';

/** Everything the session knows of one segment while the review is open. */
export interface SegmentRecord {
  /** 1-based position in the document. */
  readonly number: number;
  readonly segment: Segment;
  readonly ref: SegmentRef;
  state: SegmentState;
  /** Ranked so far; the finished set has the signature. */
  candidates: readonly Candidate[];
  set: CandidateSet | undefined;
  error: AppError | undefined;
  draft: string | undefined;
  /** What stands in the document, when it is not what was accepted. */
  inDocument: string | undefined;
}

export interface ViewContext {
  readonly reviewer: string;
  readonly blind: boolean;
  readonly message: (error: AppError) => string;
}

/** A segment as the webview draws it. */
export function segmentView(record: SegmentRecord, judgment: SegmentJudgment | undefined, context: ViewContext): SegmentView {
  const difference = differenceOf(record, judgment);
  return {
    id: record.segment.id,
    number: record.number,
    source: record.segment.source,
    state: record.state,
    review: judgment?.state ?? 'unreviewed',
    omission: (record.candidates[0]?.scores.omittedWords ?? 0) > 0,
    comments: judgment?.comments ?? [],
    candidates: candidateViews(record, judgment, context),
    ...(judgment?.text === undefined ? {} : { accepted: judgment.text }),
    ...(judgment?.candidate === undefined ? {} : { acceptedCandidate: judgment.candidate }),
    ...(record.draft === undefined ? {} : { draft: record.draft }),
    ...(difference === undefined ? {} : { difference }),
    ...(record.error === undefined ? {} : { error: { message: context.message(record.error) } }),
  };
}

function differenceOf(record: SegmentRecord, judgment: SegmentJudgment | undefined): Difference | undefined {
  if (record.inDocument === undefined || judgment?.text === undefined) return undefined;
  return { accepted: judgment.text, inDocument: record.inDocument };
}

function candidateViews(record: SegmentRecord, judgment: SegmentJudgment | undefined, context: ViewContext): readonly CandidateView[] {
  const views = record.candidates.map((candidate): CandidateView => {
    const hash = candidateHash(candidate.text);
    const idiom = judgment?.idiom.get(hash);
    const style = judgment?.style.get(hash);
    return {
      hash,
      candidate,
      rejected: judgment?.rejected.includes(hash) ?? false,
      ...(idiom === undefined ? {} : { idiom }),
      ...(style === undefined ? {} : { style }),
    };
  });
  return context.blind ? shuffled(views, `${context.reviewer} ${record.segment.id}`) : views;
}

/** A fixed order for this reviewer and segment that says nothing about rank. */
function shuffled(views: readonly CandidateView[], seed: string): readonly CandidateView[] {
  const keyed = views.map((view) => ({ view, key: sha256Hex(`${seed} ${view.hash}`) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ view }) => view);
}
