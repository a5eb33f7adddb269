import type { SegmentView } from '../../protocol/review.ts';
import { Breath } from '../breath.ts';
import type { ReviewSession } from './reviewSession.ts';

/** Views from an index on, as many as can be made without holding the host up (decisions.md 3); none behind the last one. */
export function segmentViews(session: ReviewSession, from: number): readonly SegmentView[] {
  const breath = new Breath();
  const views: SegmentView[] = [];
  for (let at = from; at < session.total && !breath.isDue; at += 10) views.push(...session.views(at, at + 10));
  return views;
}
