/** Android string resources (`values/strings.xml`): strings, plurals, arrays; Android's own escapes inside XML's. Pure. */
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import { fitPlurals } from './pluralEntries.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { emptyElement, encodeUnit, unitSegments, type Unit, type UnitCode } from './units.ts';
import { escapeXmlText, scanXml, type XmlEvents, type XmlTag } from './xml.ts';

export const android: Codec = {
  id: 'android',
  extensions: ['strings.xml', 'plurals.xml', 'arrays.xml'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const reader = new AndroidReader(text, options);
    scanXml(text, options, reader);
    const segments = unitSegments(fitPlurals(reader.units, { text, targetLanguage: options.targetLanguage, comma: '', freeZero: false }), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'android', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeAndroid);
  },
};

/** In CDATA. What is no tag there is escaped as elsewhere. */
const tagInText = /(<\/?[A-Za-z][^<>]*>)/u;
/** A value that only names another resource. */
const resourceName = /^[@?][+*]?(?:[\w.]+:)?(?:[a-z]+\/[\w.]+|null|empty)$/u;

interface OpenValue {
  readonly tag: XmlTag;
  readonly key: string;
  readonly entry: XmlTag;
  readonly plural: string | undefined;
  text: string;
  readonly codes: UnitCode[];
  cdata: boolean;
  quoted: boolean;
  /** Start of a tag whose content is not translated. */
  kept: number | undefined;
  depth: number;
}

class AndroidReader implements XmlEvents {
  readonly units: Unit[] = [];
  readonly #text: string;
  readonly #path: string;
  readonly #isTranslation: boolean;
  readonly #keys = new Set<string>();
  readonly #open: XmlTag[] = [];
  #value: OpenValue | undefined;
  #items = 0;
  #note = '';

  constructor(text: string, options: ParseOptions) {
    this.#text = text;
    this.#path = options.path;
    this.#isTranslation = options.isTranslation === true;
  }

  open(tag: XmlTag): void {
    if (this.#open.length === 0 && tag.name !== 'resources') this.#fail(tag.start, `the root element is <${tag.name}>, not <resources>`);
    if (this.#value !== undefined) this.#openInline(this.#value, tag);
    else if (this.#open.length === 1) this.#openEntry(tag);
    else if (this.#open.length === 2 && tag.name === 'item') this.#openItem(tag);
    this.#open.push(tag);
  }

  text(text: string, cdata: boolean): void {
    const value = this.#value;
    if (value === undefined || value.kept !== undefined) return;
    if (cdata) value.cdata = true;
    for (const piece of cdata ? text.split(tagInText) : [text]) {
      if (cdata && tagInText.test(piece)) addCode(value, piece, undefined);
      else value.text += decode(piece, value);
    }
  }

  comment(text: string): void {
    if (this.#value === undefined) this.#note = text.trim();
  }

  close(_name: string, start: number, end: number): void {
    this.#open.pop();
    const value = this.#value;
    if (value === undefined) return;
    if (value.depth > 0) this.#closeInline(value, start, end);
    else this.#closeValue(value, start, end);
  }

  #openEntry(tag: XmlTag): void {
    const { name } = tag.attributes;
    if (tag.name === 'string-array' || tag.name === 'array' || tag.name === 'plurals') {
      this.#items = 0;
      if (name !== undefined) this.#takeKey(tag, `${tag.name}/${name}`);
    }
    if (tag.name !== 'string' && (tag.name !== 'item' || tag.attributes['type'] !== 'string')) return;
    if (name === undefined) return this.#fail(tag.start, `a <${tag.name}> has no name`);
    const { product } = tag.attributes;
    const key = product === undefined ? name : `${name}@${product}`;
    this.#takeKey(tag, `string/${key}`);
    if (tag.attributes['translatable'] !== 'false') this.#value = openValue(tag, tag, key);
  }

  #openItem(tag: XmlTag): void {
    const parent = this.#open[1];
    const name = parent?.attributes['name'];
    if (parent === undefined || name === undefined || parent.attributes['translatable'] === 'false') return;
    const { quantity } = tag.attributes;
    if (parent.name === 'plurals' && quantity === undefined) return this.#fail(tag.start, 'an <item> of <plurals> has no quantity');
    this.#value = { ...openValue(tag, tag, `${name}/${quantity ?? this.#items++}`), plural: quantity };
  }

  #openInline(value: OpenValue, tag: XmlTag): void {
    value.depth++;
    if (value.kept !== undefined) return;
    if (tag.selfClosing || /^(?:\w+:)?g$/u.test(tag.name)) value.kept = tag.start;
    else addCode(value, this.#text.slice(tag.start, tag.end), 'open');
    if (value.kept !== undefined) value.depth = 1;
  }

  #closeInline(value: OpenValue, start: number, end: number): void {
    value.depth--;
    if (value.kept === undefined) addCode(value, this.#text.slice(start, end), 'close');
    else if (value.depth === 0) {
      addCode(value, this.#text.slice(value.kept, end), undefined);
      value.kept = undefined;
    }
  }

  #closeValue(value: OpenValue, start: number, end: number): void {
    this.#value = undefined;
    if (value.tag.selfClosing) {
      this.#addUnit(value, end, emptyElement(this.#text, value.tag));
      return;
    }
    const raw = this.#text.slice(value.tag.end, start);
    const core = raw.trim();
    if (resourceName.test(core) && !this.#isTranslation) return;
    const at = value.tag.end + raw.indexOf(core);
    const whole = /^<!\[CDATA\[([^]*)\]\]>$/u.exec(core);
    const cdata = value.cdata && whole !== null && !core.slice(9, -3).includes(']]>');
    this.#addUnit(value, end, {
      range: { start: at, end: at + core.length },
      text: value.quoted ? value.text : value.text.trim(),
      codes: value.quoted ? value.codes : shifted(value.codes, value.text.length - value.text.trimStart().length),
      style: cdata ? 'cdata' : 'xml',
      ...(cdata ? { before: '<![CDATA[', after: ']]>' } : {}),
    });
  }

  #addUnit({ key, entry, plural }: OpenValue, end: number, place: Pick<Unit, 'range'> & Partial<Unit>): void {
    const note = this.#note === '' ? {} : { note: this.#note };
    this.#note = '';
    this.units.push({
      text: '',
      ...place,
      key,
      entry: { start: entry.start, end },
      ...(key.includes('/') ? { parent: key.slice(0, key.lastIndexOf('/')) } : {}),
      ...(plural === undefined ? {} : { plural }),
      ...note,
    });
  }

  #takeKey(tag: XmlTag, key: string): void {
    if (this.#keys.has(key)) this.#fail(tag.start, `the name "${tag.attributes['name'] ?? ''}" is there twice`);
    this.#keys.add(key);
  }

  #fail(offset: number, reason: string): never {
    throw syntaxError(this.#text, offset, this.#path, reason);
  }
}

function openValue(tag: XmlTag, entry: XmlTag, key: string): OpenValue {
  return { tag, entry, key, plural: undefined, text: '', codes: [], cdata: false, quoted: false, kept: undefined, depth: 0 };
}

function addCode(value: OpenValue, raw: string, side: 'open' | 'close' | undefined): void {
  value.codes.push({ range: { start: value.text.length, end: value.text.length + raw.length }, raw, ...(side === undefined ? {} : { side }) });
  value.text += raw;
}

function shifted(codes: readonly UnitCode[], by: number): readonly UnitCode[] {
  return by === 0 ? codes : codes.map((code) => ({ ...code, range: { start: code.range.start - by, end: code.range.end - by } }));
}

/** Android's escapes and quotes; white space outside of quotes is one space, as Android reads it. */
function decode(text: string, value: OpenValue): string {
  let inQuotes = false;
  return text.replace(/\\u([0-9A-Fa-f]{4})|\\([^])|"|[ \t\r\n\f]+/gu, (match, unicode?: string, escaped?: string) => {
    if (unicode === '0020') value.quoted = true;
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
    if (escaped !== undefined) return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped.trim() === '' ? ' ' : escaped;
    if (match !== '"') return inQuotes ? match : ' ';
    inQuotes = !inQuotes;
    value.quoted = true;
    return '';
  });
}

function escapeAndroid(text: string, { unit }: SegmentText): string {
  const escaped = text.replace(/[\\'"]/gu, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replace(/^[@?]/u, '\\$&');
  // Android drops spaces at the ends and all but one of a run, unless they are written as escapes.
  const outer = (unit?.codes.length ?? 0) === 0 ? escaped.replace(/^ | $/gu, '\\u0020') : escaped;
  const spaced = outer.replace(/(?<=[ 0]) (?= )|(?<= ) /gu, '\\u0020');
  return unit?.style === 'cdata' ? spaced.replaceAll(']]>', ']]]]><![CDATA[>') : escapeXmlText(spaced);
}
