import type { Place } from '../../core/document/place.ts';
import { unpackPlaces, type PackedPlaces, type Span } from '../../protocol/checking.ts';

/** Which translations a range of the target file touches. Made once a check: n log n in the translations. */
export class SegmentPlaces {
  readonly #sorted: readonly (readonly [segment: string, span: Span])[];

  constructor(places: PackedPlaces) {
    this.#sorted = [...unpackPlaces(places)].sort(([, a], [, b]) => compare(a.start, b.start));
  }

  /** Segments whose translation holds a part of the range, or the place where it is empty; in the order of the file. Logarithmic, and linear in the answer. */
  touchedBy({ start, end }: Span): readonly string[] {
    const found: string[] = [];
    for (let at = this.#firstEndingAfter(start); at < this.#sorted.length; at++) {
      const [segment, span] = this.#sorted[at] ?? ['', { start: end, end }];
      if (compare(span.start, end) > 0) break;
      const isEmpty = compare(start, end) === 0;
      const touches = isEmpty ? compare(start, span.end) <= 0 : compare(span.start, end) < 0 && compare(start, span.end) < 0;
      if (touches) found.push(segment);
    }
    return found;
  }

  /** Translations do not overlap, so their ends are in the order of their starts. */
  #firstEndingAfter(place: Place): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const span = this.#sorted[middle]?.[1];
      if (span !== undefined && compare(span.end, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
