/** Pieces of plain XML: names, references, tags. What is not plain they do not know. Pure. */
import type { XmlTag } from './xml.ts';

const equals = 0x3d;
const quote = 0x22;
const apostrophe = 0x27;
const lessThan = 0x3c;
const ampersand = 0x26;
const greaterThan = 0x3e;
const slash = 0x2f;

/** 1: may begin a name, 2: may stand in one. Other letters than those of ASCII are left to saxes. */
const nameClass = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_:]/u.test(character)) nameClass[code] = 1;
  else if (/[0-9.-]/u.test(character)) nameClass[code] = 2;
}

const entities: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]]);
const noAttributes: Readonly<Record<string, string>> = Object.freeze({});

/** Text with its references resolved; undefined where one is not known here. */
export function resolved(raw: string): string | undefined {
  let text = '';
  let at = 0;
  for (let found = raw.indexOf('&'); found >= 0; found = raw.indexOf('&', at)) {
    const end = raw.indexOf(';', found);
    if (end < 0) return undefined;
    const name = raw.slice(found + 1, end);
    const value = entities.get(name) ?? character(name);
    if (value === undefined) return undefined;
    text += raw.slice(at, found) + value;
    at = end + 1;
  }
  return text + raw.slice(at);
}

function character(name: string): string | undefined {
  const code = /^#x[0-9a-fA-F]{1,6}$/u.test(name) ? Number.parseInt(name.slice(2), 16) : /^#\d{1,7}$/u.test(name) ? Number(name.slice(1)) : 0;
  const isChar = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  return isChar ? String.fromCodePoint(code) : undefined;
}

/** The same for text of a file that has been read: what stands in it as a reference is one, and XML 1.1 has more of them. */
export function withoutReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return resolved(raw) ?? raw.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/gu, (whole: string, decimal?: string, hex?: string, name?: string) => {
    const code = decimal === undefined ? hex === undefined ? undefined : Number.parseInt(hex, 16) : Number(decimal);
    return code === undefined ? (entities.get(name ?? '') ?? whole) : String.fromCodePoint(code);
  });
}

/** Line ends as every reader of XML gets them. */
export function withLineFeeds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/gu, '\n') : raw;
}

/** Where the name that begins at an offset ends; the offset itself where none does. */
export function nameEnd(text: string, from: number): number {
  if (nameClass[text.charCodeAt(from)] !== 1) return from;
  let at = from + 1;
  while ((nameClass[text.charCodeAt(at)] ?? 0) !== 0) at++;
  return at;
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(at)) at++;
  return at;
}

/** Checks the attributes of a tag from behind its name on. @returns where its `>` or `/` stands; -1: they are not plain */
export function attributesEnd(text: string, from: number): number {
  for (let at = from; ;) {
    const name = skipSpaces(text, at);
    const code = text.charCodeAt(name);
    if (code === greaterThan || code === slash) return name;
    const sign = nameEnd(text, name);
    if (name === at || sign === name || isTaken(text, text.slice(name, sign), { from, to: at })) return -1;
    const assigned = skipSpaces(text, sign);
    const open = skipSpaces(text, assigned + 1);
    const close = text.charCodeAt(assigned) === equals ? valueEnd(text, open) : -1;
    if (close < 0) return -1;
    at = close + 1;
  }
}

/** True for a name that an attribute between two offsets has already, and for the one that no object can hold. */
function isTaken(text: string, name: string, { from, to }: { readonly from: number; readonly to: number }): boolean {
  if (name === '__proto__') return true;
  for (let at = from; at < to;) {
    const start = skipSpaces(text, at);
    const end = nameEnd(text, start);
    if (end - start === name.length && text.startsWith(name, start)) return true;
    const open = skipSpaces(text, skipSpaces(text, end) + 1);
    at = text.indexOf(text.charAt(open), open + 1) + 1;
  }
  return false;
}

/** Where the value that is quoted from an offset on ends, if it may stand there. */
function valueEnd(text: string, open: number): number {
  const mark = text.charCodeAt(open);
  if (mark !== quote && mark !== apostrophe) return -1;
  let hasReference = false;
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === mark) return hasReference && resolved(text.slice(open + 1, at)) === undefined ? -1 : at;
    if (code === lessThan) return -1;
    hasReference ||= code === ampersand;
  }
  return -1;
}

/** A tag whose attributes have been checked. They are read when somebody asks for them: of most tags nobody does. */
export class QuickTag implements XmlTag {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly selfClosing: boolean;
  readonly #text: string;
  #attributes: Readonly<Record<string, string>> | undefined;

  constructor(text: string, name: string, { start, end, selfClosing }: Omit<XmlTag, 'name' | 'attributes'>) {
    this.name = name;
    this.start = start;
    this.end = end;
    this.selfClosing = selfClosing;
    this.#text = text;
    this.#attributes = end - start === name.length + 2 ? noAttributes : undefined;
  }

  get attributes(): Readonly<Record<string, string>> {
    return this.#attributes ??= attributesFrom(this.#text, this.start + 1 + this.name.length);
  }
}

function attributesFrom(text: string, from: number): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = from; ;) {
    const start = skipSpaces(text, at);
    const end = nameEnd(text, start);
    if (end === start) return found;
    const open = skipSpaces(text, skipSpaces(text, end) + 1);
    const close = text.indexOf(text.charAt(open), open + 1);
    found[text.slice(start, end)] = attributeValue(text.slice(open + 1, close));
    at = close + 1;
  }
}

/** As XML 1.0, 3.3.3 has it for attributes that nothing declares. */
export function attributeValue(raw: string): string {
  return withoutReferences(/[\t\n\r]/u.test(raw) ? raw.replace(/\r\n|[\t\n\r]/gu, ' ') : raw);
}
