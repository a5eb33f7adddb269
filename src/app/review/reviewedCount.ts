import { inTurns } from '../breath.ts';
import type { Judgments } from './judgments.ts';
import { isReviewed } from './segmentRecord.ts';

/** How many segments of a document are reviewed. Kept by what changes, as it is asked for with every segment that is drawn. */
export class ReviewedCount {
  readonly #judgments: Pick<Judgments, 'of' | 'takeChanged'>;
  readonly #isHere: (segment: string) => boolean;
  readonly #reviewed = new Set<string>();

  /** @param isHere false for segments that the document does not have any more */
  constructor(judgments: Pick<Judgments, 'of' | 'takeChanged'>, isHere: (segment: string) => boolean) {
    this.#judgments = judgments;
    this.#isHere = isHere;
  }

  /** Costs as much as there are segments with new records since it was asked for last. */
  get value(): number {
    for (const segment of this.#judgments.takeChanged()) this.#look(segment);
    return this.#reviewed.size;
  }

  /** Takes in the many records that a session begins with, in turns. */
  catchUp(): Promise<void> {
    return inTurns(this.#judgments.takeChanged(), (segment) => { this.#look(segment); });
  }

  #look(segment: string): void {
    if (this.#isHere(segment) && isReviewed(this.#judgments.of(segment)?.state)) this.#reviewed.add(segment);
    else this.#reviewed.delete(segment);
  }
}
