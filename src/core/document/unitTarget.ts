/** Where translations of keyed values stand in a file of their own. Pure. */
import { rawText } from './messageParts.ts';
import type { ParsedDocument, Segment } from './segment.ts';
import { reframe } from './units.ts';

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
  return unit?.branch?.anew !== undefined ? unit.branch.isAdded === true : unit?.wrap !== undefined && range.start === range.end;
}

/** What stands in the place of a segment of a translated file, as the place of `segment` in the source file would have it. */
export function textIn(document: ParsedDocument, found: Segment, segment: Segment): string {
  const raw = rawText(document, found);
  return raw.startsWith(found.unit?.wrap?.before ?? '') ? reframe(raw, found, segment) : '';
}
