/** TMX 1.4b as a document: each unit's source and target variant. Bilingual, edited in place. Pure. */
import { AppError } from '../errors.ts';
import { sameLanguage } from '../text/languages.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { encodeUnit, unitSegments, type Unit } from './units.ts';
import { ContentElement } from './xliffContent.ts';
import { attributesOf, escapeXmlText, lineBefore, scanXml, type XmlEvents, type XmlTag } from './xml.ts';

export const tmx: Codec = {
  id: 'tmx',
  extensions: ['.tmx'],
  bilingual: true,
  parse(text: string, options: ParseOptions): ParsedDocument {
    const segments = unitSegments(readTmx(text, options).flatMap((unit) => unitOf(text, unit, options)), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'tmx', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeXmlText);
  },
  namedSource(head: string): string | undefined {
    return attributesOf(head, 'header').next().value?.['srclang'];
  },
};

export interface TmxVariant {
  readonly language: string;
  /** Of the `tuv`. */
  readonly start: number;
  readonly end: number;
  readonly seg: ContentElement;
}

export interface TmxUnit {
  readonly key: string;
  readonly start: number;
  readonly variants: readonly TmxVariant[];
  /** What its `note` elements say. */
  readonly notes: readonly string[];
}

/** All units. @throws AppError `document.syntax` for what is not TMX. */
export function readTmx(text: string, options: Pick<ParseOptions, 'path'>): readonly TmxUnit[] {
  const reader = new TmxReader(text, options.path);
  scanXml(text, options, reader);
  return reader.units;
}

class TmxReader implements XmlEvents {
  readonly units: TmxUnit[] = [];
  readonly #text: string;
  readonly #path: string;
  #variants: TmxVariant[] = [];
  #tu: XmlTag | undefined;
  #tuv: XmlTag | undefined;
  #seg: ContentElement | undefined;
  #found: ContentElement | undefined;
  #depth = 0;
  #notes: string[] = [];
  #note: string | undefined;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  open(tag: XmlTag): void {
    if (this.#depth++ === 0 && tag.name !== 'tmx') this.#fail(tag.start, `the root element is <${tag.name}>, not <tmx>`);
    if (this.#seg !== undefined) return;
    if (tag.name === 'tu') {
      this.#tu = tag;
      this.#variants = [];
      this.#notes = [];
    } else if (tag.name === 'note' && this.#tu !== undefined) {
      this.#note = '';
    } else if (tag.name === 'tuv') {
      if (language(tag) === undefined) this.#fail(tag.start, 'a <tuv> has no xml:lang');
      this.#tuv = tag;
      this.#found = undefined;
    } else if (tag.name === 'seg') this.#seg = new ContentElement(this.#text, tag);
  }

  text(text: string): void {
    if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#depth--;
    if (this.#seg !== undefined && name === 'seg') {
      this.#found = this.#seg.finish(start, end);
      this.#seg = undefined;
    } else if (this.#seg !== undefined) return;
    else if (name === 'tuv') this.#closeVariant(end);
    else if (name === 'note') this.#closeNote();
    else if (name === 'tu' && this.#tu !== undefined) {
      const id = this.#tu.attributes['tuid'];
      this.units.push({ key: id === undefined ? `#${this.units.length + 1}` : `${id}#${this.units.length + 1}`, start: this.#tu.start, variants: this.#variants, notes: this.#notes });
      this.#tu = undefined;
    }
  }

  #closeNote(): void {
    const note = this.#note?.trim() ?? '';
    if (note !== '') this.#notes.push(note);
    this.#note = undefined;
  }

  #closeVariant(end: number): void {
    const tuv = this.#tuv;
    if (tuv === undefined) return;
    if (this.#found === undefined) return this.#fail(tuv.start, 'a <tuv> has no <seg>');
    this.#variants.push({ seg: this.#found, language: language(tuv) ?? '', start: tuv.start, end });
  }

  #fail(offset: number, reason: string): never {
    throw syntaxError(this.#text, offset, this.#path, reason);
  }
}

function language({ attributes }: XmlTag): string | undefined {
  return attributes['xml:lang'] ?? attributes['lang'];
}

function unitOf(text: string, { key, variants, notes }: TmxUnit, { sourceLanguage, targetLanguage }: ParseOptions): readonly Unit[] {
  const source = variants.find((variant) => sameLanguage(variant.language, sourceLanguage)) ?? (targetLanguage === undefined ? variants[0] : undefined);
  if (source === undefined) return [];
  const target = variants.find((variant) => variant !== source && (targetLanguage === undefined || sameLanguage(variant.language, targetLanguage)));
  const { text: content, codes } = source.seg;
  const note = notes.length === 0 ? undefined : notes.join('\n');
  if (target !== undefined) {
    const range = { start: target.seg.from, end: target.seg.to };
    return [{ range, key, text: content, codes, note, existing: target.seg.text, existingRaw: text.slice(range.start, range.end) }];
  }
  if (targetLanguage === undefined) return [];
  return [{ range: { start: source.end, end: source.end }, key, text: content, codes, note, before: `${lineBefore(text, source.start)}<tuv xml:lang="${targetLanguage}"><seg>`, after: '</seg></tuv>' }];
}
