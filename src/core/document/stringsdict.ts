/** Apple .stringsdict: plural forms and texts by width in a property list. Pure. */
import { AppError } from '../errors.ts';
import { isPluralCategory } from '../text/plurals.ts';
import { syntaxError } from './place.ts';
import { fitPlurals } from './pluralEntries.ts';
import type { Codec, ParseOptions, ParsedDocument, SegmentText } from './segment.ts';
import { emptyElement, encodeUnit, unitSegments, type Unit } from './units.ts';
import { escapeXmlText, scanXml, type XmlEvents, type XmlTag } from './xml.ts';

export const stringsdict: Codec = {
  id: 'stringsdict',
  extensions: ['.stringsdict'],
  parse(text: string, options: ParseOptions): ParsedDocument {
    const reader = new StringsdictReader(text, options);
    scanXml(text, options, reader);
    const segments = unitSegments(fitPlurals(reader.units, { text, targetLanguage: options.targetLanguage, comma: '', freeZero: true }), options);
    if (segments.length === 0) throw new AppError('document.empty', { path: options.path });
    return { codec: 'stringsdict', text, segments };
  },
  encode(translation: string, segment: SegmentText): string {
    return encodeUnit(translation, segment, escapeXmlText);
  },
};

class StringsdictReader implements XmlEvents {
  readonly units: Unit[] = [];
  readonly #text: string;
  readonly #path: string;
  readonly #isTranslation: boolean;
  /** The keys that lead to where we are: one for each open `dict`. */
  readonly #keys: { last: string; start: number; readonly seen: Set<string> }[] = [];
  #tag: XmlTag | undefined;
  #collected = '';

  constructor(text: string, options: ParseOptions) {
    this.#text = text;
    this.#path = options.path;
    this.#isTranslation = options.isTranslation === true;
  }

  open(tag: XmlTag): void {
    if (this.#tag === undefined && this.#keys.length === 0 && tag.name !== 'plist' && tag.name !== 'dict') throw syntaxError(this.#text, tag.start, this.#path, `the root element is <${tag.name}>, not <plist>`);
    if (tag.name === 'dict') this.#keys.push({ last: '', start: tag.start, seen: new Set() });
    this.#tag = tag;
    this.#collected = '';
  }

  text(text: string): void {
    this.#collected += text;
  }

  close(name: string, start: number, end: number): void {
    if (name === 'dict') this.#keys.pop();
    const level = this.#keys.at(-1);
    if (level === undefined || this.#tag === undefined) return;
    if (name === 'key') this.#takeKey(level, this.#collected, this.#tag.start);
    if (name !== 'string') return;
    const isFormat = level.last === 'NSStringLocalizedFormatKey' && (this.#isTranslation || /\p{L}/u.test(this.#collected.replace(/%#@[^@]*@/gu, '')));
    if (!isPluralCategory(level.last) && !isFormat && this.#keys.at(-2)?.last !== 'NSStringVariableWidthRuleType') return;
    this.units.push({
      ...(this.#tag.selfClosing ? emptyElement(this.#text, this.#tag) : { range: { start: this.#tag.end, end: start } }),
      key: this.#keys.map(({ last }) => last).join('/'), parent: this.#keys.slice(0, -1).map(({ last }) => last).join('/'), text: this.#collected, entry: { start: level.start, end },
      ...(isPluralCategory(level.last) ? { plural: level.last } : {}),
    });
  }

  #takeKey(level: { last: string; start: number; readonly seen: Set<string> }, key: string, start: number): void {
    if (level.seen.has(key)) throw syntaxError(this.#text, start, this.#path, `the key "${key}" is there twice`);
    level.seen.add(key);
    level.last = key;
    level.start = start;
  }
}
