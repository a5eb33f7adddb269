/** Values of structured formats as segments, and translations back as they must stand in the file. Pure. */
import { inlineSpans } from './inlineSpans.ts';
import { segmentIds } from './segmentId.ts';
import type { InlineCode, ProtectedSpan, Segment, SegmentKind, TextRange, UnitData } from './segment.ts';

/** Markup inside a value: where it stands in the decoded text, and how the file spells it. */
export interface UnitCode {
  readonly range: TextRange;
  readonly raw: string;
  readonly side?: 'open' | 'close';
}

/** One translatable value as a codec finds it. */
export interface Unit extends Partial<Omit<UnitData, 'key' | 'codes' | 'lead' | 'trail'>> {
  /** The slot in the file. */
  readonly range: TextRange;
  readonly key: string;
  /** Decoded, outer white space included. */
  readonly text: string;
  readonly codes?: readonly UnitCode[];
  readonly kind?: SegmentKind;
}

/** Segments in document order. Values without a letter outside markup and placeholders are left out. Linear. */
export function unitSegments(units: readonly Unit[]): readonly Segment[] {
  const nextId = segmentIds();
  const segments: Segment[] = [];
  for (const unit of units) {
    const segment = segmentOf(unit, segments.length);
    if (segment !== undefined) segments.push({ ...segment, id: nextId(segment.source, segment.kind) });
  }
  return segments;
}

function segmentOf(unit: Unit, block: number): Omit<Segment, 'id'> | undefined {
  const { range, key, text, codes = [], kind = 'string', before = '', after = '', existing, ...rest } = unit;
  const start = text.length - text.trimStart().length;
  const source = text.trim();
  const inside = codes.filter((code) => code.range.start >= start && code.range.end <= start + source.length);
  const protectedSpans = spansOf(source, inside, start);
  if (!hasLetter(source, protectedSpans)) return undefined;
  const data: UnitData = {
    ...rest, key, before, after,
    lead: text.slice(0, start),
    trail: text.slice(start + source.length),
    codes: codes.map((code) => ({ shown: text.slice(code.range.start, code.range.end), raw: code.raw })),
    ...(existing === undefined || existing.trim() === '' ? {} : { existing: existing.trim() }),
  };
  return { source, range, gap: { start: range.end, end: range.end }, protectedSpans, kind, block, unit: data };
}

function spansOf(source: string, codes: readonly UnitCode[], offset: number): readonly ProtectedSpan[] {
  const given = codes.filter(({ range }) => range.end > range.start).map(({ range, side }): ProtectedSpan => ({
    range: { start: range.start - offset, end: range.end - offset }, kind: 'html', ...(side === undefined ? {} : { side }),
  }));
  return inlineSpans(source, given);
}

function hasLetter(source: string, spans: readonly ProtectedSpan[]): boolean {
  if (spans.length === 0) return /\p{L}/u.test(source);
  let at = 0;
  for (const { range } of spans) {
    if (/\p{L}/u.test(source.slice(at, range.start))) return true;
    at = range.end;
  }
  return /\p{L}/u.test(source.slice(at));
}

/** A piece of text as the file spells it. */
export type Escape = (text: string, segment: Segment) => string;

/**
 * A translation as it stands in its slot: frame, outer white space, inline codes as the file spells them, the rest escaped. A
 * code that occurs more often than in the source is spelled like its last occurrence there. Linear for a few codes.
 */
export function encodeUnit(translation: string, segment: Segment, escape: Escape): string {
  const { unit } = segment;
  if (unit === undefined) return translation;
  if (unit.existingRaw !== undefined && unit.existing === translation.trim()) return unit.before + unit.existingRaw + unit.after;
  const text = unit.lead + translation.trim() + unit.trail;
  return unit.before + (unit.codes.length === 0 ? escape(text, segment) : withCodes(text, unit.codes, (piece) => escape(piece, segment))) + unit.after;
}

function withCodes(text: string, codes: readonly InlineCode[], escape: (piece: string) => string): string {
  const raws = new Map<string, string[]>();
  for (const { shown, raw } of codes) raws.set(shown, [...(raws.get(shown) ?? []), raw]);
  const longestFirst = [...raws.keys()].filter((shown) => shown !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return escape(text);
  const pattern = new RegExp(longestFirst.map((shown) => shown.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('|'), 'gu');
  let result = '';
  let at = 0;
  for (const match of wellFormed([...text.matchAll(pattern)])) {
    const left = raws.get(match[0]) ?? [];
    result += escape(text.slice(at, match.index)) + ((left.length > 1 ? left.shift() : left[0]) ?? '');
    at = match.index + match[0].length;
  }
  return result + escape(text.slice(at));
}

/** Without tags whose partner is missing or on the wrong side: as markup they would break the file, so they become text. */
function wellFormed(matches: readonly RegExpExecArray[]): readonly RegExpExecArray[] {
  const lone = new Set<RegExpExecArray>();
  const open: RegExpExecArray[] = [];
  for (const match of matches) {
    const [, slash, name] = /^<(\/?)([^\s/>]+)/u.exec(match[0]) ?? [];
    if (name === undefined || /\/>$|^<([^\s/>]+)[^]*<\/\1\s*>$/u.test(match[0])) continue;
    if (slash === '') open.push(match);
    else {
      const partner = open.findLastIndex(([tag]) => /^<([^\s/>]+)/u.exec(tag)?.[1] === name);
      if (partner < 0) lone.add(match);
      else for (const crossed of open.splice(partner).slice(1)) lone.add(crossed);
    }
  }
  for (const match of open) lone.add(match);
  return matches.filter((match) => !lone.has(match));
}
