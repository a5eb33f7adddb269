import type { Place } from '../../core/document/place.ts';
import type { PackedPlaces, Span } from '../../protocol/checking.ts';

/** Which translations a range of the target file touches. They stay packed: costs nothing to make, whatever the file has. */
export class SegmentPlaces {
  readonly #places: PackedPlaces;
  #ids: readonly string[] | undefined;

  constructor(places: PackedPlaces) {
    this.#places = places;
  }

  /**
   * Segments whose translation holds a part of the range, or the place where it is empty; in the order of the file. Logarithmic,
   * and linear in the answer; the first answer splits the ids.
   */
  touchedBy({ start, end }: Span): readonly string[] {
    const isEmpty = compare(start, end) === 0;
    const found: number[] = [];
    for (let at = this.#firstEndingAt(start); at < this.#count; at++) {
      const begins = compare(this.#start(at), end);
      if (begins > 0) break;
      if (isEmpty || (begins < 0 && compare(start, this.#end(at)) < 0)) found.push(at);
    }
    return found.length === 0 ? [] : found.map((at) => this.#id(at));
  }

  /** The first that ends there or later. Translations do not overlap, so their ends are in the order of their starts. */
  #firstEndingAt(place: Place): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#end(middle), place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get #count(): number {
    return this.#places.spans.length / 4;
  }

  #id(index: number): string {
    this.#ids ??= this.#places.segments.split('\n');
    return this.#ids[index] ?? '';
  }

  #start(index: number): Place {
    return this.#place(index * 4);
  }

  #end(index: number): Place {
    return this.#place(index * 4 + 2);
  }

  #place(at: number): Place {
    const { spans } = this.#places;
    return { line: spans[at] ?? 1, column: spans[at + 1] ?? 1 };
  }
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
