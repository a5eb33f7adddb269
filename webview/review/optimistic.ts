/** What an act will do to a segment, shown before the host has answered. Pure. */
import { assertNever } from '../../src/core/errors.ts';
import type { Dismissal } from '../../src/core/judgment/events.ts';
import { undismissed } from '../../src/core/quality/dismissed.ts';
import type { CandidateView, ReviewAct, SegmentView } from '../../src/protocol/review.ts';

/** The segment as it will be once the act is stored. The host's answer replaces it. */
export function applyAct(segment: SegmentView, what: ReviewAct): SegmentView {
  switch (what.act) {
    case 'accept': return accepted(segment, what.candidate);
    case 'reject': return withCandidate(segment, what.candidate, (view) => ({ ...view, rejected: true }));
    case 'allBad': return { ...without(segment, 'accepted', 'acceptedCandidate', 'difference'), review: 'allBad' };
    case 'edit': return { ...without(segment, 'draft', 'difference'), review: 'edited', accepted: what.text };
    case 'idiom': return withCandidate(segment, what.candidate, (view) => marked(view, 'idiom', what.value));
    case 'style': return withCandidate(segment, what.candidate, (view) => marked(view, 'style', what.value));
    case 'comment': return { ...segment, comments: [...segment.comments, what.text] };
    case 'dismiss': return dismissing(segment, what);
    case 'confirm': return { ...without(segment, 'filled', 'draft'), review: 'accepted' };
    case 'undo': return segment;
    case 'revision': return revised(segment, what.choice);
    case 'resolve': return resolved(segment, what.choice);
    default: return assertNever(what);
  }
}

function accepted(segment: SegmentView, hash: string): SegmentView {
  const text = segment.candidates.find((view) => view.hash === hash)?.candidate.text;
  const rest = without(segment, 'difference', 'draft');
  return { ...rest, review: 'accepted', acceptedCandidate: hash, ...(text === undefined ? {} : { accepted: text }) };
}

function dismissing(segment: SegmentView, { check, detail, reason }: Dismissal): SegmentView {
  const dismissed = [...segment.dismissed, { check, detail, reason }];
  return { ...segment, dismissed, findings: undismissed(segment.findings, dismissed) };
}

function resolved(segment: SegmentView, choice: 'recordAccept' | 'recordEdit' | 'revert'): SegmentView {
  const rest = without(segment, 'difference');
  if (choice !== 'recordEdit' || segment.difference === undefined) return rest;
  return { ...rest, review: 'edited', accepted: segment.difference.inDocument };
}

function revised(segment: SegmentView, choice: 'take' | 'leave'): SegmentView {
  const rest = without(segment, 'revision');
  return choice === 'leave' || segment.revision === undefined ? rest : { ...without(rest, 'difference'), review: 'edited', accepted: segment.revision.text };
}

function withCandidate(segment: SegmentView, hash: string, change: (view: CandidateView) => CandidateView): SegmentView {
  return { ...segment, candidates: segment.candidates.map((view) => (view.hash === hash ? change(view) : view)) };
}

function marked<K extends 'idiom' | 'style'>(
  view: CandidateView,
  key: K,
  value: NonNullable<CandidateView[K]> | 'none',
): CandidateView {
  const rest = without<CandidateView>(view, key);
  return value === 'none' ? rest : { ...rest, [key]: value };
}

/** A copy that lacks some properties; only optional ones may be named. */
function without<T extends object>(value: T, ...keys: readonly OptionalKey<T>[]): T {
  const copy = { ...value };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy;
}

type OptionalKey<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];
