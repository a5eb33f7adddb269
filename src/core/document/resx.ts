/** .NET resources (.resx): the values of `data` elements that are strings. Pure. */
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { emptyElement, encodeUnit, unitSegments, type Unit } from './units.ts';
import { escapeXmlText, scanXml, type XmlEvents, type XmlTag } from './xml.ts';

export const resx: Codec = {
  id: 'resx',
  extensions: ['.resx'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const reader = new ResxReader(text, options);
    scanXml(text, options, reader);
    const segments = unitSegments(reader.units, options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'resx', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeXmlText);
  },
};

class ResxReader implements XmlEvents {
  readonly units: Unit[] = [];
  readonly #text: string;
  readonly #path: string;
  readonly #names = new Set<string>();
  readonly #open: XmlTag[] = [];
  #collected = '';
  #value: Pick<Unit, 'range' | 'text' | 'wrap'> | undefined;
  #comment: string | undefined;

  constructor(text: string, options: ParseOptions) {
    this.#text = text;
    this.#path = options.path;
  }

  open(tag: XmlTag): void {
    if (this.#open.length === 0 && tag.name !== 'root') throw syntaxError(this.#text, tag.start, this.#path, `the root element is <${tag.name}>, not <root>`);
    this.#open.push(tag);
    this.#collected = '';
    if (this.#open.length === 2 && tag.name === 'data') this.#openData(tag);
  }

  text(text: string): void {
    this.#collected += text;
  }

  close(name: string, start: number, end: number): void {
    const tag = this.#open.pop();
    if (tag === undefined) return;
    if (this.#open.length === 2 && this.#open[1]?.name === 'data') {
      if (name === 'value') this.#value = { text: this.#collected, ...(tag.selfClosing ? emptyElement(this.#text, tag) : { range: { start: tag.end, end: start } }) };
      if (name === 'comment') this.#comment = this.#collected.trim();
    }
    if (this.#open.length === 1 && name === 'data') this.#closeData(tag, end);
  }

  #openData(tag: XmlTag): void {
    const { name } = tag.attributes;
    if (name === undefined) throw syntaxError(this.#text, tag.start, this.#path, 'a <data> has no name');
    if (this.#names.has(name)) throw syntaxError(this.#text, tag.start, this.#path, `the name "${name}" is there twice`);
    this.#names.add(name);
    this.#value = undefined;
    this.#comment = undefined;
  }

  /** Typed data (files, images) is no text, nor are the designer's own `>>` entries, nor what its author locked. */
  #closeData({ attributes, start }: XmlTag, end: number): void {
    const name = attributes['name'] ?? '';
    if (this.#value === undefined || !isString(attributes['type']) || attributes['mimetype'] !== undefined || name.startsWith('>>') || /\{Locked\}/iu.test(this.#comment ?? '')) return;
    this.units.push({
      ...this.#value, key: name, entry: { start, end },
      ...(this.#comment === undefined || this.#comment === '' ? {} : { note: this.#comment }),
    });
  }
}

/** Without a type it is one. */
function isString(type: string | undefined): boolean {
  return type === undefined || /^System\.String\s*(?:,|$)/u.test(type);
}
