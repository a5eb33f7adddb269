/** Which part of a matrix is drawn, and what is linked in it. Pure. */
import type { Matrix } from '../../src/core/matrix.ts';

export interface Span {
  /** First index. */
  readonly start: number;
  /** Past the last index. */
  readonly end: number;
}

/** At most `size` of `length` positions around `centre`, clamped to the ends. */
export function windowAround(length: number, centre: number, size: number): Span {
  if (length <= size) return { start: 0, end: length };
  const start = Math.min(Math.max(0, Math.round(centre - size / 2)), length - size);
  return { start, end: start + size };
}

/** The part to draw for a new caret: the old part while the caret is inside it, so that the picture does not slide at each step. */
export function followCaret(previous: Span, length: number, caret: number, size: number): Span {
  const same = previous.end <= length && previous.end - previous.start === Math.min(length, size);
  return same && caret >= previous.start && caret < previous.end ? previous : windowAround(length, caret, size);
}

/** Value of a cell, 0 where there is none. */
export function cellAt(matrix: Matrix, row: number, column: number): number {
  return matrix.data[row * matrix.cols + column] ?? 0;
}

export type Side = 'source' | 'target';

/** Below this a link is noise and is not shown. */
const shownFrom = 0.1;

/** Tokens of the other side that a token is linked with, strongest first, with their probability. */
export function linkedTokens(matrix: Matrix, side: Side, index: number): readonly { readonly index: number; readonly p: number }[] {
  const length = side === 'source' ? matrix.cols : matrix.rows;
  const links: { index: number; p: number }[] = [];
  for (let other = 0; other < length; other += 1) {
    const p = side === 'source' ? cellAt(matrix, index, other) : cellAt(matrix, other, index);
    if (p >= shownFrom) links.push({ index: other, p });
  }
  return links.sort((a, b) => b.p - a.p);
}
