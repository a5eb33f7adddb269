/** Translations that an XLIFF file proposes for its own texts: `alt-trans` of 1.x, the matches module of 2.x. Pure. */
import { sameLanguage } from '../text/languages.ts';
import type { FileMatch, ParseOptions } from './segment.ts';
import { ContentElement, type Content } from './xliffContent.ts';
import type { XmlEvents, XmlTag } from './xml.ts';
import { readInside } from './xmlFragment.ts';

/** An `alt-trans` or a `match` with content: its tag, and where its closing tag begins. */
export interface ProposalPlace {
  readonly tag: XmlTag;
  readonly to: number;
}

export type ProposalLanguages = Pick<ParseOptions, 'sourceLanguage' | 'targetLanguage'>;

/** Which proposals of a `trans-unit` are asked for. */
interface Wanted1 {
  readonly text: string;
  /** Of the part; undefined: those for all of the unit. */
  readonly mid: string | undefined;
  /** True where all of the unit is one text whose segments are marked: then the marks of a proposal are its codes. */
  readonly isCut: boolean;
  readonly languages: ProposalLanguages;
}

/** Which matches of a 2.x unit are asked for: those for this segment, or for a marked stretch that is all of it. */
interface Wanted2 {
  readonly text: string;
  readonly id: string | undefined;
  readonly source: Content;
  readonly languages: ProposalLanguages;
}

/** Left out: what was rejected, what is in another language, and an earlier version whose source is not told. Linear. */
export function proposals1(places: readonly ProposalPlace[], { text, mid, isCut, languages }: Wanted1): readonly FileMatch[] {
  return places.flatMap((place): readonly FileMatch[] => {
    const { attributes } = place.tag;
    const type = attributes['alttranstype'];
    if (attributes['mid'] !== mid || type === 'rejected' || type === 'reference') return [];
    const { source, target } = pairAt(text, place, languages);
    if (target === undefined || (type === 'previous-version' && source === undefined)) return [];
    const about = { score: percentage(attributes['match-quality']), origin: named(attributes['origin'], attributes['tool'] ?? attributes['tool-id'], type) };
    return matchOf(isCut ? { source, target } : { source: source && withoutMarks(source), target: withoutMarks(target) }, about);
  });
}

/** Left out: references in other languages, and matches for other texts. Linear. */
export function proposals2(places: readonly ProposalPlace[], { text, id, source: own, languages }: Wanted2): readonly FileMatch[] {
  const around = markAround(own);
  return places.flatMap((place): readonly FileMatch[] => {
    const { attributes } = place.tag;
    const ref = attributes['ref']?.replace(/^.*[#/]/u, '');
    const isInMark = ref !== undefined && ref !== id && ref === around?.id;
    if (attributes['reference'] === 'yes' || ref === undefined || (ref !== id && !isInMark)) return [];
    const { source, target } = pairAt(text, place, languages);
    if (target === undefined) return [];
    const [before, after] = isInMark ? [around.open, around.close] : ['', ''];
    const about = { score: decimal(attributes['similarity'] ?? attributes['matchQuality']), origin: named(attributes['origin'], attributes['type']) };
    const wrapped = ({ text: inner }: Content): { readonly text: string } => ({ text: before + inner.trim() + after });
    return target.text.trim() === '' ? [] : matchOf({ source: source && wrapped(source), target: wrapped(target) }, about);
  });
}

interface Pair {
  readonly source: { readonly text: string } | undefined;
  readonly target: { readonly text: string };
}

function matchOf({ source, target }: Pair, about: Pick<FileMatch, 'score' | 'origin'>): readonly FileMatch[] {
  const text = target.text.trim();
  return text === '' ? [] : [{ source: source?.text.trim(), target: text, ...about }];
}

/** No target where the pair is not of these languages. */
function pairAt(text: string, { tag, to }: ProposalPlace, { sourceLanguage, targetLanguage }: ProposalLanguages): PairReader {
  const pair = new PairReader(text);
  readInside(text, { from: tag.end, to }, pair);
  const spoken = pair.target?.attribute('xml:lang') ?? tag.attributes['xml:lang'];
  const from = pair.source?.attribute('xml:lang');
  const isForeign = spoken !== undefined && targetLanguage !== undefined && !sameLanguage(spoken, targetLanguage);
  if (isForeign || (from !== undefined && !sameLanguage(from, sourceLanguage))) pair.target = undefined;
  return pair;
}

/** The first `source` and `target` among the children, whatever their prefix. */
class PairReader implements XmlEvents {
  source: ContentElement | undefined;
  target: ContentElement | undefined;
  readonly #text: string;
  #open: ContentElement | undefined;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  open(tag: XmlTag): void {
    if (this.#depth++ > 0) return;
    const name = tag.name.slice(tag.name.indexOf(':') + 1);
    if (name === 'source') this.source ??= this.#open = new ContentElement(this.#text, tag);
    else if (name === 'target') this.target ??= this.#open = new ContentElement(this.#text, tag);
  }

  close(_: string, start: number, end: number): void {
    if (--this.#depth > 0) return;
    this.#open?.finish(start, end);
    this.#open = undefined;
  }
}

/** A content without the tags that mark its segments: their numbers are another text's. */
function withoutMarks({ text, codes }: Content): { readonly text: string } {
  const kept: boolean[] = [];
  let result = '';
  let at = 0;
  for (const { range, raw, side } of codes) {
    if (side === 'open') kept.push(!/\smtype\s*=\s*["']seg["']/u.test(raw));
    const stays = side === undefined || (side === 'open' ? kept.at(-1) : kept.pop()) !== false;
    result += text.slice(at, stays ? range.end : range.start);
    at = range.end;
  }
  return { text: result + text.slice(at) };
}

/** The `mrk` that all of a text stands in. */
function markAround({ text, codes }: Content): { readonly id: string; readonly open: string; readonly close: string } | undefined {
  const [first, last] = [codes[0], codes.at(-1)];
  if (first?.side !== 'open' || last?.side !== 'close' || first.range.start !== 0 || last.range.end !== text.length) return undefined;
  const depths: number[] = [];
  for (const { side } of codes) depths.push((depths.at(-1) ?? 0) + (side === 'open' ? 1 : side === 'close' ? -1 : 0));
  const id = /\sid\s*=\s*["']([^"']*)/u.exec(first.raw)?.[1];
  return id === undefined || depths.indexOf(0) !== codes.length - 1 ? undefined : { id, open: first.raw, close: last.raw };
}

/** `match-quality` is free text: what is no percentage says nothing here. */
function percentage(value: string | undefined): number | undefined {
  const number = decimal(value?.replace(/\s*%\s*$/u, ''));
  return number !== undefined && (number > 1 || value?.includes('%') === true) ? number : undefined;
}

/** A number from 0 to 100, rounded down. */
function decimal(value: string | undefined): number | undefined {
  const text = value?.trim() ?? '';
  const number = Number(text);
  return /^\d+(?:\.\d+)?$/u.test(text) && number <= 100 ? Math.floor(number) : undefined;
}

function named(...names: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(names.map((name) => name?.trim() ?? ''))].filter((name) => name !== '');
  return known.length === 0 ? undefined : known.join(', ');
}
