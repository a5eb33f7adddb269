/** Where translations of keyed values stand in a file of their own, and how a value that it lacks comes into it. Pure. */
import { AppError } from '../errors.ts';
import type { ParsedDocument, Segment, TextRange } from './segment.ts';
import { reframe } from './units.ts';
import { lineBefore } from './xml.ts';

/** True for formats whose values have keys: a file of theirs is read by key, not by position. */
export function isKeyed({ segments }: ParsedDocument): boolean {
  return segments.some(({ unit }) => unit !== undefined);
}

export function byKey({ segments }: ParsedDocument): ReadonlyMap<string, Segment> {
  return new Map(segments.flatMap((segment) => (segment.unit === undefined ? [] : [[segment.unit.key, segment] as const])));
}

/** What a segment of a translated file says: in a bilingual file its translation, else its value. */
export function translationIn(segment: Segment, bilingual: boolean): string {
  return bilingual ? (segment.unit?.existing ?? '') : segment.source;
}

/**
 * The translations that a file of the same format holds for a document, as the file spells them, by segment id. Values equal
 * to the source's are left out, as they are no translations. Linear.
 */
export function matchKeyed(source: ParsedDocument, target: ParsedDocument, bilingual: boolean): ReadonlyMap<string, string> {
  const there = byKey(target);
  return new Map(source.segments.flatMap((segment) => {
    const found = there.get(segment.unit?.key ?? '');
    if (found === undefined || isAbsent(found)) return [];
    const text = translationIn(found, bilingual);
    return text === '' || text === segment.source ? [] : [[segment.id, textIn(target, found, segment)] as const];
  }));
}

/** True for a plural form that its language has and the file lacks. */
export function isAbsent({ range, unit }: Segment): boolean {
  return unit?.wrap !== undefined && range.start === range.end;
}

/** What stands in the place of a segment of a translated file, as the place of `segment` in the source file would have it. */
export function textIn({ text }: ParsedDocument, found: Segment, segment: Segment): string {
  return reframe(text.slice(found.range.start, found.range.end), found, segment);
}

export interface Insertion {
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The edit that puts a whole entry of `source`, with `encoded` as its value, beside its neighbour in a translated file: behind
 * the nearest entry before it that is there, else in front of the nearest one after it.
 * @throws AppError `document.noPlace` when none of its neighbours is there.
 */
export function insertionOf(segment: Segment, encoded: string, source: ParsedDocument, target: { readonly parsed: ParsedDocument; readonly path: string }): Insertion {
  const { unit, range } = segment;
  const noPlace = new AppError('document.noPlace', { path: target.path, key: unit?.key ?? segment.id });
  if (unit?.entry === undefined) throw noPlace;
  const bare = unit.wrap === undefined || unit.wrap.gap === '' ? encoded : encoded.slice(0, -unit.wrap.gap.length);
  const entry = source.text.slice(unit.entry.start, range.start) + bare + source.text.slice(range.end, unit.entry.end);
  const there = byKey(target.parsed);
  const at = source.segments.indexOf(segment);
  const siblings = (candidates: readonly Segment[]): TextRange | undefined => {
    const found = candidates.find((candidate) => candidate.unit?.parent === unit.parent && there.has(candidate.unit?.key ?? ''));
    return there.get(found?.unit?.key ?? '')?.unit?.entry;
  };
  const comma = source.codec === 'json' ? ',' : '';
  const before = siblings(source.segments.slice(0, at).reverse());
  if (before !== undefined) return { range: { start: before.end, end: before.end }, text: comma + separator(target.parsed.text, before.start, source.codec) + entry };
  const after = siblings(source.segments.slice(at + 1));
  if (after === undefined) throw noPlace;
  return { range: { start: after.start, end: after.start }, text: entry + comma + separator(target.parsed.text, after.start, source.codec) };
}

/** A line of its own where the neighbour has one; PO entries are a blank line apart. */
function separator(text: string, neighbour: number, codec: ParsedDocument['codec']): string {
  const line = lineBefore(text, neighbour);
  if (line !== '') return codec === 'po' ? line + line : line;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return codec === 'json' ? ' ' : codec === 'po' ? newline + newline : newline;
}
