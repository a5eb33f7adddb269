/** The acts of this session: which is taken back next, and what one that failed leaves behind. Pure. */
import type { ReviewAct } from '../../src/protocol/review.ts';

/** What a failed act needs of the controller. */
export interface FailedIn {
  readonly state: { readonly mode: 'list' | 'edit' | 'comment'; readonly segment: string | undefined };
  focusSegment(id: string): void;
  saveDraft(id: string, text: string): void;
}

export class SentActs {
  /** Segments, the newest last. */
  #segments: readonly string[] = [];
  readonly #comments = new Map<string, string>();
  #returnedTo: string | undefined;

  sent(segment: string, what: ReviewAct): void {
    this.#segments = [...this.#segments, segment];
    if (what.act === 'comment') this.#comments.delete(segment);
  }

  /** The segment of the newest act, which is no longer one of them. */
  takeNewest(): string | undefined {
    const newest = this.#segments.at(-1);
    this.#segments = this.#segments.slice(0, -1);
    return newest;
  }

  /**
   * A text that was written is kept: an edit as a draft, a comment for the next time. The reader, whom the act had sent on, is
   * back at its segment unless they write something; where several acts fail, at that of the first.
   */
  failed(review: FailedIn, segment: string, what: ReviewAct): void {
    this.#segments = this.#segments.filter((sent, index) => sent !== segment || index !== this.#segments.lastIndexOf(segment));
    if (what.act === 'edit') review.saveDraft(segment, what.text);
    if (what.act === 'comment') this.#comments.set(segment, what.text);
    if (review.state.mode !== 'list' || (this.#returnedTo !== undefined && this.#returnedTo === review.state.segment)) return;
    review.focusSegment(segment);
    this.#returnedTo = segment;
  }

  /** A comment that could not be stored. */
  unsentComment(segment: string): string {
    return this.#comments.get(segment) ?? '';
  }
}
