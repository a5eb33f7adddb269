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
  #nextToken = 1;
  #reviewed: number | undefined;

  constructor(snapshot: ReviewSnapshot) {
    this.snapshot = snapshot;
    this.#progress = snapshot.progress;
    this.#segments = [...snapshot.segments];
    this.#indexes = new Map(snapshot.segments.map((segment, index) => [segment.id, index]));
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
    this.#segments[index] = segment;
    this.#forget(segment.id);
    return true;
  }

  /** Lays an act over a segment until it is settled. */
  begin(id: string, what: ReviewAct): number {
    const token = this.#nextToken;
    this.#nextToken += 1;
    this.#pending.set(id, [...(this.#pending.get(id) ?? []), { token, what }]);
    this.#forget(id);
    return token;
  }

  /** Takes an act off again: the host has answered. */
  settle(id: string, token: number): void {
    const left = (this.#pending.get(id) ?? []).filter((act) => act.token !== token);
    if (left.length === 0) this.#pending.delete(id);
    else this.#pending.set(id, left);
    this.#forget(id);
  }

  get reviewed(): number {
    this.#reviewed ??= this.#segments.filter((_, index) => isReviewed(this.at(index))).length;
    return this.#reviewed;
  }

  /** Indexes that a filter shows; `keep` is shown in any case: the reviewer is there. O(segments). */
  filtered(filter: Filter, keep: string | undefined): readonly number[] {
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

  /** Segments of which somebody returned another text that nobody has decided about. O(segments). */
  get revised(): number {
    return this.filtered('revised', undefined).length;
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

  #forget(id: string): void {
    this.#shown.delete(id);
    this.#reviewed = undefined;
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
