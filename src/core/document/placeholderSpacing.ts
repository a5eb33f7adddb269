/** Spaces around restored spans. Pure. */
import type { MaskedSpan, MaskedText, Piece } from './placeholders.ts';

/** After these a Japanese text has no space before inline markup, nor before them after it. */
const japanese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー、。「」『』（）・：！？]/u;
const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Two repairs. A space between an opening marker and what it encloses (or before a closing one) that the source has not
 * breaks Markdown: it moves outside. In a Japanese text, told by its kana, spaces between a span and Japanese characters go.
 */
export function fitSpacing(pieces: readonly Piece[], masked: MaskedText): readonly Piece[] {
  const moved = moveOutside(pieces, masked);
  const written = moved.filter((piece) => typeof piece === 'string').join('');
  return kana.test(written) ? closeUp(moved, masked) : moved;
}

function moveOutside(pieces: readonly Piece[], masked: MaskedText): readonly Piece[] {
  const result = [...pieces];
  result.forEach((piece, index) => {
    const span = typeof piece === 'number' ? masked.spans[piece - 1] : undefined;
    if (span === undefined) return;
    const inside = index + (span.side === 'open' ? 1 : -1);
    const outside = index - (span.side === 'open' ? 1 : -1);
    const text = result[inside];
    if (!innerSpace(span) || typeof text !== 'string' || text.trim() === '') return;
    const bare = span.side === 'open' ? text.trimStart() : text.trimEnd();
    if (bare === text) return;
    result[inside] = bare;
    const neighbour = result[outside];
    if (typeof neighbour === 'string') result[outside] = withSpace(neighbour, span.side === 'open');
  });
  return result;
}

/** True for a marker that has no space on its inner side in the source, so none belongs there. */
function innerSpace({ side, spaced }: MaskedSpan): boolean {
  return (side === 'open' && !spaced.after) || (side === 'close' && !spaced.before);
}

function withSpace(text: string, atEnd: boolean): string {
  if (atEnd) return /\s$/u.test(text) ? text : `${text} `;
  return /^[\s\p{P}]/u.test(text) ? text : ` ${text}`;
}

function closeUp(pieces: readonly Piece[], masked: MaskedText): readonly Piece[] {
  return pieces.map((piece, index) => {
    if (typeof piece !== 'string') return piece;
    const bare = piece.trim();
    const [before, after] = [pieces[index - 1], pieces[index + 1]];
    if (bare === '') return before === undefined || after === undefined ? '' : piece;
    const start = japanese.test(bare.slice(0, 1)) && typeof before === 'number' && !needsSpace(masked.spans[before - 1], pieces[index - 2]);
    const end = japanese.test(bare.slice(-1)) && typeof after === 'number' && !needsSpace(masked.spans[after - 1], pieces[index + 2]);
    const closed = start ? piece.trimStart() : piece;
    return end ? closed.trimEnd() : closed;
  });
}

/**
 * An emphasis marker whose inner neighbour is punctuation is one only beside white space or punctuation (CommonMark 0.31,
 * flanking runs): its space must stay. `inner` is the piece on the far side of the span, seen from the space.
 */
function needsSpace(span: MaskedSpan | undefined, inner: Piece | undefined): boolean {
  if (span?.kind !== 'emphasis' || typeof inner !== 'string') return false;
  return (span.side === 'close' ? /[\p{P}\p{S}]$/u : /^[\p{P}\p{S}]/u).test(inner);
}
