/** When the candidates of a segment get their digits. Knows no DOM. */
import type { SegmentView } from '../../src/protocol/review.ts';

/** Milliseconds for which the first candidates wait for the others. */
const waitsFor = 1000;

/**
 * A digit that was painted stays with its candidate, so the first ones that stream in wait a moment for their ranks: else what is
 * best would mostly be no 1. Where the others take longer than that moment, those that are there get their digits.
 */
export class Numbering {
  readonly #later: (run: () => void, ms: number) => void;
  #waiting: string | undefined;
  #due: string | undefined;

  constructor(later: (run: () => void, ms: number) => void) {
    this.#later = later;
  }

  /** Whether digits may be painted now; if not, `again` is called once they may. */
  may({ id, state, candidates }: SegmentView, again: () => void): boolean {
    if (state !== 'translating') return true;
    if (candidates.length > 0 && id !== this.#waiting && id !== this.#due) {
      this.#waiting = id;
      this.#later(() => {
        this.#due = id;
        again();
      }, waitsFor);
    }
    return id === this.#due;
  }
}
