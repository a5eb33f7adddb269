/** Values of structured formats as segments, and translations back as they must stand in the file. Pure. */
import { inlineSpans } from './inlineSpans.ts';
import { textSpans } from './messageSyntax.ts';
import { segmentIds } from './segmentId.ts';
import type { InlineCode, ParseOptions, ProtectedSpan, Segment, SegmentKind, SegmentText, TextRange, UnitData } from './segment.ts';
import type { XmlTag } from './xml.ts';

/** Markup inside a value: where it stands in the decoded text, and how the file spells it. */
export interface UnitCode {
  readonly range: TextRange;
  readonly raw: string;
  readonly side?: 'open' | 'close' | undefined;
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

const noCodes: readonly never[] = [];

/**
 * Segments in document order. Values without a letter outside markup and placeholders are left out, but for those of a file of
 * translations. Linear.
 */
export function unitSegments(units: readonly Unit[], { isTranslation = false }: Pick<ParseOptions, 'isTranslation'>): readonly Segment[] {
  const segments: Segment[] = [];
  const nextId = segmentIds();
  const codes = new KnownCodes();
  for (const unit of units) {
    const { range, kind = 'string' } = unit;
    const { source, protectedSpans, data } = readUnit(unit, codes);
    if (!isTranslation && !hasLetter({ source, protectedSpans })) continue;
    segments.push({ id: nextId(source, kind), source, range, gap: { start: range.end, end: range.end }, protectedSpans, kind, block: segments.length, unit: data });
  }
  return segments;
}

/** The codes of many units: most files repeat few, and each is kept once. */
export class KnownCodes {
  readonly #codes = new Map<string, InlineCode>();

  of(text: string, codes: readonly UnitCode[]): readonly InlineCode[] {
    return codes.length === 0 ? noCodes : codes.map(({ range, raw }) => {
      const shown = range.end - range.start === raw.length && text.startsWith(raw, range.start) ? raw : text.slice(range.start, range.end);
      const known = this.#codes.get(raw);
      if (known?.shown === shown) return known;
      const code: InlineCode = { shown, raw };
      this.#codes.set(raw, code);
      return code;
    });
  }
}

/** What a unit says, as its segment has it. */
export interface ReadUnit {
  readonly source: string;
  readonly protectedSpans: readonly ProtectedSpan[];
  readonly data: UnitData;
}

export function readUnit(unit: Unit, known: KnownCodes): ReadUnit {
  const { text, codes = noCodes } = unit;
  const source = text.trim();
  const start = source.length === text.length ? 0 : text.length - text.trimStart().length;
  const protectedSpans = spansOf(source, codes, start);
  return { source, protectedSpans, data: dataOf(unit, known.of(text, codes), text.slice(0, start), text.slice(start + source.length)) };
}

/** All fields by name and in one order: engines then give all units one layout, which a large file needs. */
function dataOf(unit: Unit, codes: readonly InlineCode[], lead: string, trail: string): UnitData {
  const { key, before = '', after = '', existingRaw, state, note, matches, entry, parent, maxLength, plural, ordinal, branch, wrap, frame, style } = unit;
  const trimmed = unit.existing?.trim();
  const existing = trimmed === '' ? undefined : trimmed;
  return { key, before, after, lead, trail, codes, existing, existingRaw, state, note, matches, entry, parent, maxLength, plural, ordinal, branch, wrap, frame, style };
}

/** `offset` is where `source` begins in the unit's text. */
function spansOf(source: string, codes: readonly UnitCode[], offset: number): readonly ProtectedSpan[] {
  if (codes.length === 0) return textSpans(source);
  const given: ProtectedSpan[] = [];
  for (const { range: { start, end }, side } of codes) {
    if (end <= start || start < offset || end > offset + source.length) continue;
    const range = { start: start - offset, end: end - offset };
    given.push(side === undefined ? { range, kind: 'html' } : { range, kind: 'html', side });
  }
  // A copy has room for its elements alone; a list that grew has room for many more.
  return inlineSpans(source, given.slice());
}

/** Whether anything outside of markup and placeholders is to be translated. */
export function hasLetter({ source, protectedSpans: spans }: Pick<Segment, 'source' | 'protectedSpans'>): boolean {
  if (spans.length === 0) return /\p{L}/u.test(source);
  let at = 0;
  for (const { range } of spans) {
    if (/\p{L}/u.test(source.slice(at, range.start))) return true;
    at = range.end;
  }
  return /\p{L}/u.test(source.slice(at));
}

/** A piece of text as the file spells it. */
export type Escape = (text: string, segment: SegmentText) => string;

/**
 * A translation as it stands in its slot: frame, outer white space, inline codes as the file spells them, the rest escaped. A
 * code that occurs more often than in the source is spelled like its last occurrence there. Linear for a few codes.
 */
export function encodeUnit(translation: string, segment: SegmentText, escape: Escape): string {
  const { unit } = segment;
  if (unit === undefined) return translation;
  const { before, after } = outer(unit);
  return before + unit.before + encodedText(translation.trim(), segment, unit, escape) + unit.after + after;
}

function encodedText(translation: string, segment: SegmentText, unit: UnitData, escape: Escape): string {
  if (unit.existingRaw !== undefined && unit.existing === translation) return unit.existingRaw;
  const text = unit.lead + translation + unit.trail;
  return unit.codes.length === 0 ? escape(text, segment) : withCodes(text, unit.codes, (piece) => escape(piece, segment));
}

/** What stands around a segment's text in its file alone. */
export function outerOf({ unit }: Segment): { readonly before: string; readonly after: string } {
  return unit === undefined ? { before: '', after: '' } : outer(unit);
}

function outer({ wrap }: UnitData): { readonly before: string; readonly after: string } {
  return wrap === undefined ? { before: '', after: '' } : { before: wrap.before, after: wrap.after + wrap.gap };
}

/** The place of an element without content, `<value/>`, as if its tags stood there. */
export function emptyElement(text: string, { name, start, end }: XmlTag): Pick<Unit, 'range' | 'wrap'> {
  const sign = /\s*\/>$/u.exec(text.slice(start, end))?.[0].length ?? 0;
  return { range: { start: end - sign, end }, wrap: { before: '>', after: `</${name}>`, gap: '' } };
}

/** A text that is encoded for the place of one segment, for the place of the same one in another file of its format. */
export function reframe(encoded: string, { unit: from }: SegmentText, { unit: to }: SegmentText): string {
  if (from === undefined || to === undefined || (from.wrap === undefined && to.wrap === undefined)) return encoded;
  const [here, there] = [outer(from), outer(to)];
  const fits = encoded.startsWith(here.before) && encoded.endsWith(here.after);
  return fits ? there.before + encoded.slice(here.before.length, encoded.length - here.after.length) + there.after : encoded;
}

function withCodes(text: string, codes: readonly InlineCode[], escape: (piece: string) => string): string {
  const raws = new Map<string, string[]>();
  for (const { shown, raw } of codes) raws.set(shown, [...(raws.get(shown) ?? []), raw]);
  const longestFirst = [...raws.keys()].filter((shown) => shown !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return escape(text);
  const pattern = new RegExp(longestFirst.map((shown) => shown.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&')).join('|'), 'gu');
  let result = '';
  let at = 0;
  for (const match of wellFormed([...text.matchAll(pattern)], unpairedNames(codes))) {
    const left = raws.get(match[0]) ?? [];
    result += escape(text.slice(at, match.index)) + ((left.length > 1 ? left.shift() : left[0]) ?? '');
    at = match.index + match[0].length;
  }
  return result + escape(text.slice(at));
}

/** Names of the tags that the source itself has without partners: its format does not ask for them. */
function unpairedNames(codes: readonly InlineCode[]): ReadonlySet<string> {
  const open = new Map<string, number>();
  for (const { shown } of codes) {
    const [, slash, name] = /^<(\/?)([^\s/>]+)/u.exec(shown) ?? [];
    if (name !== undefined && !isWholeElement(shown)) open.set(name, (open.get(name) ?? 0) + (slash === '' ? 1 : -1));
  }
  return new Set([...open].flatMap(([name, count]) => (count === 0 ? [] : [name])));
}

function isWholeElement(code: string): boolean {
  return /\/>$|^<([^\s/>]+)[^]*<\/\1\s*>$/u.test(code);
}

/** Without tags whose partner is missing or on the wrong side: as markup they would break the file, so they become text. */
function wellFormed(matches: readonly RegExpExecArray[], unpaired: ReadonlySet<string>): readonly RegExpExecArray[] {
  const lone = new Set<RegExpExecArray>();
  const open: RegExpExecArray[] = [];
  for (const match of matches) {
    const [, slash, name] = /^<(\/?)([^\s/>]+)/u.exec(match[0]) ?? [];
    if (name === undefined || unpaired.has(name) || isWholeElement(match[0])) continue;
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
