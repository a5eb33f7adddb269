/** Places in a text for errors. Pure. */
import { AppError } from '../errors.ts';

/** 1-based line and column (in UTF-16 units) of an offset. Linear. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset));
  const lines = before.split(/\r\n|\n|\r/u);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds many places in one text: 1-based lines and columns, as `placeOf`. Linear once, then log n each. */
export class Places {
  /** Offsets at which lines start. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = [0, ...[...text.matchAll(/\r\n|\n|\r/gu)].map((match) => match.index + match[0].length)];
  }

  of(offset: number): Place {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

/** `document.syntax` at an offset of the decoded text. */
export function syntaxError(text: string, offset: number, path: string, reason: string): AppError<'document.syntax'> {
  return new AppError('document.syntax', { path, ...placeOf(text, offset), reason });
}
