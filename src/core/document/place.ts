/** Places in a text for errors. Pure. */
import { AppError } from '../errors.ts';

/** 1-based line and column (in UTF-16 units) of an offset. Linear. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, Math.max(0, offset));
  const lines = before.split(/\r\n|\n|\r/u);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** `document.syntax` at an offset of the decoded text. */
export function syntaxError(text: string, offset: number, path: string, reason: string): AppError<'document.syntax'> {
  return new AppError('document.syntax', { path, ...placeOf(text, offset), reason });
}
