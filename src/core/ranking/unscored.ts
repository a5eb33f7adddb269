import type { Candidate, CandidateIssue } from '../candidate.ts';
import { AppError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';

/** Rows and columns in another order, or some of them. @throws AppError `ranking.badSettings` for a text without a row */
export function matrixFor(texts: readonly string[], utilities: { readonly texts: readonly string[]; readonly matrix: Matrix }): Matrix {
  const rows = new Map(utilities.texts.map((text, row) => [text, row]));
  const places = texts.map((text) => {
    const row = rows.get(text);
    if (row !== undefined) return row;
    throw new AppError('ranking.badSettings', { name: 'utilities', value: `none of "${text}"`, allowed: 'those of all candidates' });
  });
  const size = texts.length;
  const at = (cell: number): number => (places[Math.floor(cell / size)] ?? 0) * utilities.matrix.cols + (places[cell % size] ?? 0);
  return { rows: size, cols: size, data: Float32Array.from({ length: size * size }, (_, cell) => utilities.matrix.data[at(cell)] ?? NaN) };
}

/**
 * Marks candidates that the utility gave no number for (NaN, infinite): they rank below all others, have no score and are
 * nobody's pseudo-reference. Cost: N².
 */
export function setAsideUnscored(candidates: readonly Candidate[], matrix: Matrix): { candidates: Candidate[]; utilityMatrix: Matrix } {
  const size = candidates.length;
  const finite = (row: number, column: number): boolean => Number.isFinite(matrix.data[row * size + column]);
  const unscored = new Set(candidates.flatMap((_, row) => (finite(row, row) ? [] : [row])));
  for (let row = 0; row < size; row++) {
    if (candidates.some((_, column) => !unscored.has(column) && !finite(row, column))) unscored.add(row);
  }
  if (unscored.size === 0) return { candidates: [...candidates], utilityMatrix: matrix };
  const data = matrix.data.map((value, cell) => (unscored.has(Math.floor(cell / size)) ? NaN : unscored.has(cell % size) ? 0 : value));
  const issue: CandidateIssue = { kind: 'notScored', detail: 'the model gave no number' };
  const marked = candidates.map((candidate, row) => (unscored.has(row) ? { ...candidate, issues: [...(candidate.issues ?? []), issue] } : candidate));
  return { candidates: marked, utilityMatrix: { ...matrix, data } };
}
