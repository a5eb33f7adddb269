/** Reads the marks of protected spans out of what a model wrote. Pure. */
import type { MaskedText, Piece } from './placeholders.ts';

const exact = /⟦(\d{1,6})⟧/gu;

/** Brackets and digits as models spell them instead. ⟦ ⟧ with spaces or wide digits are always meant as marks. */
const lookalikes = [/⟦\s*([\d０-９]{1,6})\s*⟧/gu, /[〚【［[]{1,2}\s*([\d０-９]{1,6})\s*[〛】］\]]{1,2}/gu];

/**
 * A candidate as pieces of text and span numbers. Another spelling counts as a mark only for a span that has no mark yet,
 * and only if the source has no such text of its own: `[1]` may be a reference.
 */
export function readMarks(candidate: string, masked: MaskedText): readonly Piece[] {
  let pieces: readonly Piece[] = splitMarks([candidate], exact, (_, number) => number <= masked.spans.length);
  for (const pattern of lookalikes) {
    const lost = new Set(masked.spans.map(({ number }) => number).filter((number) => !pieces.includes(number)));
    if (lost.size === 0) break;
    pieces = splitMarks(pieces, pattern, (text, number) => lost.has(number) && !masked.text.includes(text) && lost.delete(number));
  }
  return pieces;
}

function splitMarks(pieces: readonly Piece[], pattern: RegExp, accept: (text: string, number: number) => boolean): readonly Piece[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'number') return [piece];
    const result: Piece[] = [];
    let at = 0;
    for (const match of piece.matchAll(pattern)) {
      const number = Number((match[1] ?? '').normalize('NFKC'));
      if (number < 1 || !accept(match[0], number)) continue;
      result.push(piece.slice(at, match.index), number);
      at = match.index + match[0].length;
    }
    result.push(piece.slice(at));
    return result.filter((part) => part !== '');
  });
}
