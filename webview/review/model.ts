/**
 * The host's state as this view knows it, with the acts that are on their way laid over it. Pure: no DOM.
 * The host owns the state: an answer or an event replaces what is here, a failed act disappears from it.
 */
import type { Progress, ReviewAct, ReviewSnapshot, SegmentView } from '../../src/protocol/review.ts';
import { applyAct } from './optimistic.ts';

export type Filter = 'all' | 'unreviewed' | 'filled' | 'warnings' | 'revised';

interface PendingAct {
  readonly token: number;
  readonly what: ReviewAct;
}

export class ReviewModel {
  readonly snapshot: ReviewSnapshot;
  #progress: Progress;
  readonly #segments: SegmentView[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #pending = new Map<string, readonly PendingAct[]>();
  readonly #shown = new Map<string, SegmentView>();
  /** Every index: what most reviewers look at, made once. */
  readonly #all: readonly number[];
  #nextToken = 1;
  #reviewed = 0;
  #revised = 0;

  constructor(snapshot: ReviewSnapshot) {
    this.snapshot = snapshot;
    this.#progress = snapshot.progress;
    this.#segments = [...snapshot.segments];
    this.#indexes = new Map(snapshot.segments.map((segment, index) => [segment.id, index]));
    this.#all = snapshot.segments.map((_, index) => index);
    for (const segment of snapshot.segments) this.#count(segment, 1);
  }

  get progress(): Progress {
    return this.#progress;
  }

  set progress(progress: Progress) {
    this.#progress = progress;
  }

  get size(): number {
    return this.#segments.length;
  }

  /** Where nothing may be said of ranks, scores and origins. */
  isBlind(id: string | undefined): boolean {
    return this.snapshot.blind || this.segment(id)?.heldOut === true;
  }

  indexOf(id: string): number | undefined {
    return this.#indexes.get(id);
  }

  at(index: number): SegmentView | undefined {
    const segment = this.#segments[index];
    return segment === undefined ? undefined : this.#withPending(segment);
  }

  segment(id: string | undefined): SegmentView | undefined {
    const index = id === undefined ? undefined : this.#indexes.get(id);
    return index === undefined ? undefined : this.at(index);
  }

  /** The host's new view of a segment; false where it is none of ours. */
  replace(segment: SegmentView): boolean {
    const index = this.#indexes.get(segment.id);
    if (index === undefined) return false;
    this.#change(segment.id, () => { this.#segments[index] = segment; });
    return true;
  }

  /** Lays an act over a segment until it is settled. */
  begin(id: string, what: ReviewAct): number {
    const token = this.#nextToken;
    this.#nextToken += 1;
    this.#change(id, () => { this.#pending.set(id, [...(this.#pending.get(id) ?? []), { token, what }]); });
    return token;
  }

  /** Takes an act off again: the host has answered. */
  settle(id: string, token: number): void {
    const left = (this.#pending.get(id) ?? []).filter((act) => act.token !== token);
    this.#change(id, () => {
      if (left.length === 0) this.#pending.delete(id);
      else this.#pending.set(id, left);
    });
  }

  get reviewed(): number {
    return this.#reviewed;
  }

  /** Segments of which somebody returned another text that nobody has decided about. */
  get revised(): number {
    return this.#revised;
  }

  /** Indexes that a filter shows, ascending; `keep` is shown in any case: the reviewer is there. O(segments), but for all of them. */
  filtered(filter: Filter, keep: string | undefined): readonly number[] {
    if (filter === 'all') return this.#all;
    const indexes: number[] = [];
    for (let index = 0; index < this.#segments.length; index += 1) {
      const segment = this.at(index);
      if (segment !== undefined && (segment.id === keep || matches(segment, filter))) indexes.push(index);
    }
    return indexes;
  }

  /**
   * Where the reviewer begins: where they were; else, when that segment is gone, at the one that now has its number
   * (1-based); else at the first without a judgment. Undefined without segments.
   */
  startAt(number: number | undefined): string | undefined {
    const { focus } = this.snapshot;
    if (this.segment(focus) !== undefined) return focus;
    const instead = number === undefined ? undefined : this.at(Math.min(number, this.size) - 1)?.id;
    return instead ?? this.nextUnreviewed(undefined) ?? this.at(0)?.id;
  }

  /** The next segment without a judgment after this one, from the top again at the end. */
  nextUnreviewed(id: string | undefined): string | undefined {
    return this.#next(id, (segment) => !isReviewed(segment));
  }

  /** The next segment after this one of which somebody returned another text, from the top again at the end. */
  nextRevised(id: string | undefined): string | undefined {
    return this.#next(id, ({ revision }) => revision !== undefined);
  }

  #next(id: string | undefined, wanted: (segment: SegmentView) => boolean): string | undefined {
    const from = (id === undefined ? undefined : this.#indexes.get(id)) ?? -1;
    for (let step = 1; step <= this.#segments.length; step += 1) {
      const segment = this.at((from + step + this.#segments.length) % this.#segments.length);
      if (segment !== undefined && segment.id !== id && wanted(segment)) return segment.id;
    }
    return undefined;
  }

  #withPending(segment: SegmentView): SegmentView {
    const pending = this.#pending.get(segment.id);
    if (pending === undefined) return segment;
    const cached = this.#shown.get(segment.id);
    if (cached !== undefined) return cached;
    const shown = pending.reduce((view, act) => applyAct(view, act.what), segment);
    this.#shown.set(segment.id, shown);
    return shown;
  }

  /** Does something to a segment; what is counted at every draw is counted again for it alone. */
  #change(id: string, work: () => void): void {
    this.#count(this.segment(id), -1);
    work();
    this.#shown.delete(id);
    this.#count(this.segment(id), 1);
  }

  #count(segment: SegmentView | undefined, by: 1 | -1): void {
    if (isReviewed(segment)) this.#reviewed += by;
    if (segment?.revision !== undefined) this.#revised += by;
  }
}

export function isReviewed(segment: SegmentView | undefined): boolean {
  return segment !== undefined && segment.review !== 'unreviewed' && segment.review !== 'filled';
}

/** Something here wants a second look. */
export function hasWarning(segment: SegmentView): boolean {
  return segment.findings.some(({ severity }) => severity !== 'hint') || segment.omission || segment.difference !== undefined || segment.state === 'failed';
}

function matches(segment: SegmentView, filter: Filter): boolean {
  switch (filter) {
    case 'all': return true;
    case 'unreviewed': return !isReviewed(segment);
    case 'filled': return segment.review === 'filled';
    case 'warnings': return hasWarning(segment);
    case 'revised': return segment.revision !== undefined;
  }
}
