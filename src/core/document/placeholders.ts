/** Protected spans as numbered marks that a model can carry through: ⟦1⟧, ⟦2⟧ ... Pure. */
import type { CandidateIssue } from '../candidate.ts';
import { fitApostrophes, quotingIn, type Quoting } from './apostrophes.ts';
import { lostSyntax } from './messageSyntax.ts';
import { softBreaks } from './normalise.ts';
import { readMarks } from './placeholderMarks.ts';
import { fitSpacing } from './placeholderSpacing.ts';
import type { ProtectedSpan, SegmentText } from './segment.ts';

export interface MaskedSpan {
  /** The number in its mark, from 1. */
  readonly number: number;
  /** What the mark stands for, exactly as in the file. */
  readonly text: string;
  readonly kind: ProtectedSpan['kind'];
  readonly side?: 'open' | 'close';
  /** May be lost: a line break in a cue, as other words need other lines. A check tells it. */
  readonly isLoose?: boolean;
  /** Number of the other marker of its pair. */
  readonly partner?: number;
  /** White space that stands before and after it in the source. */
  readonly spaced: { readonly before: boolean; readonly after: boolean };
}

export interface MaskedText {
  /** For the model: one line, marks in place of protected spans. */
  readonly text: string;
  readonly spans: readonly MaskedSpan[];
  /** What an apostrophe means in it; absent: itself. */
  readonly quoting?: Quoting;
}

export interface RestoredText {
  readonly text: string;
  readonly issues: readonly CandidateIssue[];
}

/** A piece of a candidate: running text, or the number of a span. */
export type Piece = string | number;

/**
 * A segment as the model gets it: protected spans as ⟦n⟧, soft line breaks (in a quote with the `>` that follows) as one space.
 * Marks that stand in the source itself are protected as well, so that every mark means one span. Linear.
 */
export function maskSegment(segment: Pick<SegmentText, 'source' | 'protectedSpans' | 'kind' | 'unit'>): MaskedText {
  const spans: MaskedSpan[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const span of withLiteralMarks(segment.source, segment.protectedSpans)) {
    parts.push(segment.source.slice(at, span.range.start).replace(softBreaks(segment.kind), ' '), mark(spans.length + 1));
    spans.push(maskedSpan(segment, span, spans.length + 1));
    at = span.range.end;
  }
  parts.push(segment.source.slice(at).replace(softBreaks(segment.kind), ' '));
  const quoting = quotingIn(segment.unit?.style);
  return { text: parts.join(''), spans: withPartners(spans), ...(quoting !== undefined && { quoting }) };
}

export function mark(number: number): string {
  return `⟦${number}⟧`;
}

/**
 * The spans back in the place of their marks. Each must occur exactly once; what can be mended without a guess is: another
 * spelling of the brackets or digits, markers of a pair in the wrong order, a lost pair around the whole segment, a lost
 * emphasis (both markers go), spaces around marks, apostrophes that a pattern would take for quotes. All else is an issue, as
 * are branches of a message in an order that gives no message. Linear in the candidate's length.
 */
export function unmask(candidate: string, masked: MaskedText): RestoredText {
  const issues: CandidateIssue[] = [];
  const pieces = repairPairs(readMarks(candidate, masked), masked, issues);
  const counts = countMarks(pieces);
  for (const span of masked.spans) {
    const count = counts.get(span.number) ?? 0;
    if (count > 1) issues.push({ kind: 'placeholderExtra', detail: `${mark(span.number)} ${span.text}` });
  }
  for (const span of breaksAtEnds(pieces, masked)) issues.push(missing(span));
  for (const stray of strayMarks(pieces, masked)) issues.push({ kind: 'placeholderExtra', detail: stray });
  const source = joinPieces(readMarks(masked.text, masked), masked);
  const text = fitApostrophes(joinPieces(fitSpacing(pieces, masked), masked), source, masked.quoting);
  const lost = issues.length === 0 ? lostSyntax(text, source) : undefined;
  if (lost !== undefined) issues.push({ kind: 'placeholderMissing', detail: lost });
  return { text, issues };
}

/**
 * What keeps a restored candidate from being accepted whatever its segment: nothing in it, or control characters that a
 * reader cannot see (C0, C1, ANSI escapes, directional overrides and isolates) and that its source has not.
 */
export function inspectCandidate(text: string, source = ''): readonly CandidateIssue[] {
  const issues: CandidateIssue[] = [];
  if (text.trim() === '') issues.push({ kind: 'empty', detail: '' });
  // eslint-disable-next-line no-control-regex -- these are what it looks for
  const controls = new Set(text.match(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu) ?? []);
  const names = [...controls].filter((control) => !source.includes(control)).map((control) => `U+${(control.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  if (names.length > 0) issues.push({ kind: 'controlCharacters', detail: names.join(' ') });
  return issues;
}

function withLiteralMarks(source: string, spans: readonly ProtectedSpan[]): readonly ProtectedSpan[] {
  const literal = [...source.matchAll(/⟦\d+⟧/gu)].map(({ index, 0: text }): ProtectedSpan => ({ range: { start: index, end: index + text.length }, kind: 'placeholder' }));
  const free = literal.filter(({ range }) => spans.every((span) => span.range.end <= range.start || range.end <= span.range.start));
  return free.length === 0 ? spans : [...spans, ...free].sort((a, b) => a.range.start - b.range.start);
}

function maskedSpan({ source, kind: segmentKind }: Pick<SegmentText, 'source' | 'kind'>, { range, kind, side }: ProtectedSpan, number: number): MaskedSpan {
  const text = source.slice(range.start, range.end);
  const isLoose = segmentKind === 'caption' && text.trim() === '';
  const spaced = { before: /\s$/u.test(source.slice(0, range.start).slice(-1)), after: /^\s/u.test(source.slice(range.end, range.end + 1)) };
  return { number, text, kind, spaced, ...(side === undefined ? {} : { side }), ...(isLoose ? { isLoose } : {}) };
}

function withPartners(spans: readonly MaskedSpan[]): readonly MaskedSpan[] {
  const partners = new Map<number, number>();
  const open: MaskedSpan[] = [];
  for (const span of spans) {
    if (span.side === 'open') open.push(span);
    const opener = span.side === 'close' ? open.pop() : undefined;
    if (opener === undefined) continue;
    partners.set(opener.number, span.number);
    partners.set(span.number, opener.number);
  }
  return spans.map((span) => {
    const partner = partners.get(span.number);
    return partner === undefined ? span : { ...span, partner };
  });
}

function countMarks(pieces: readonly Piece[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const piece of pieces) if (typeof piece === 'number') counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

/** Mends pairs and reports what is missing for good. */
function repairPairs(read: readonly Piece[], masked: MaskedText, issues: CandidateIssue[]): readonly Piece[] {
  let pieces = read;
  const counts = countMarks(read);
  for (const span of masked.spans) {
    const lost = (counts.get(span.number) ?? 0) === 0;
    const partner = span.partner === undefined ? undefined : masked.spans[span.partner - 1];
    if (partner === undefined || span.side === 'close') {
      if (lost && span.isLoose !== true && !(partner?.kind === 'emphasis' || bothLost(counts, span, partner))) issues.push(missing(span));
      continue;
    }
    const partnerLost = (counts.get(partner.number) ?? 0) === 0;
    if (lost && partnerLost && enclosesAll(masked, span, partner)) pieces = [span.number, ...pieces, partner.number];
    else if ((lost || partnerLost) && span.kind === 'emphasis') pieces = pieces.filter((piece) => piece !== span.number && piece !== partner.number);
    else if (lost) issues.push(missing(span));
    else if (!partnerLost) pieces = inOrder(pieces, span.number, partner.number);
  }
  return pieces;
}

/** A pair that is gone is reported once, with its opening marker; one around the whole segment was put back there. */
function bothLost(counts: ReadonlyMap<number, number>, span: MaskedSpan, partner: MaskedSpan | undefined): boolean {
  return partner !== undefined && (counts.get(span.number) ?? 0) === 0 && (counts.get(partner.number) ?? 0) === 0;
}

function missing(span: MaskedSpan): CandidateIssue {
  return { kind: 'placeholderMissing', detail: `${mark(span.number)} ${span.text}` };
}

function enclosesAll(masked: MaskedText, open: MaskedSpan, close: MaskedSpan): boolean {
  return masked.text.startsWith(mark(open.number)) && masked.text.endsWith(mark(close.number));
}

function inOrder(pieces: readonly Piece[], open: number, close: number): readonly Piece[] {
  if (pieces.indexOf(open) < pieces.indexOf(close)) return pieces;
  return pieces.map((piece) => (piece === open ? close : piece === close ? open : piece));
}

/** Line breaks that nothing stands in front of, or behind: white space at the ends of a text is the file's own, so they would be lost. */
function breaksAtEnds(pieces: readonly Piece[], masked: MaskedText): readonly MaskedSpan[] {
  const blank = (piece: Piece): boolean => (typeof piece === 'string' ? piece : masked.spans[piece - 1]?.text ?? '').trim() === '';
  const [first, last] = [pieces.findIndex((piece) => !blank(piece)), pieces.findLastIndex((piece) => !blank(piece))];
  const outer = pieces.flatMap((piece, index) => (typeof piece === 'number' && (index < first || index > last) ? masked.spans[piece - 1] ?? [] : []));
  return outer.filter(({ isLoose }) => isLoose !== true);
}

/** Marks with numbers that no span has; those of the source are spans. */
function strayMarks(pieces: readonly Piece[], masked: MaskedText): readonly string[] {
  const found = pieces.flatMap((piece) => (typeof piece === 'string' ? (piece.match(/⟦[^⟦⟧]{0,8}⟧/gu) ?? []) : []));
  return found.filter((stray) => !masked.text.includes(stray));
}

function joinPieces(pieces: readonly Piece[], masked: MaskedText): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : (masked.spans[piece - 1]?.text ?? mark(piece)))).join('');
}
