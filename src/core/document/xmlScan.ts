/**
 * A quick reader of plain XML: elements, attributes, text, character references and the five entities, comments, CDATA. It
 * finds the ends of things by searching, not by looking at every character. What it does not know or what may be an error it
 * leaves to saxes, which has the last word: so it never decides that a file is broken. Pure.
 */
import type { XmlEvents } from './xml.ts';

const greaterThan = 0x3e;
const slash = 0x2f;
const equals = 0x3d;
const quote = 0x22;
const apostrophe = 0x27;
const bang = 0x21;

/** 1: may begin a name, 2: may stand in one. Other letters than those of ASCII are left to saxes. */
const nameClass = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_:]/u.test(character)) nameClass[code] = 1;
  else if (/[0-9.-]/u.test(character)) nameClass[code] = 2;
}

const declaration = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?[ \t\r\n]*\?>/u;
const outside = /[^\t\n\r -\ufffd]/u;
const notSpace = /[^\t\n\r ]/u;
const noAttributes: Readonly<Record<string, string>> = Object.freeze({});
const entities: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]]);

/** Text with its references resolved; undefined where one is not known here. */
function resolved(raw: string): string | undefined {
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

export class QuickXml {
  readonly #text: string;
  readonly #events: XmlEvents;
  readonly #open: string[] = [];
  readonly #names: string[] = [];
  readonly #hasReturns: boolean;
  readonly #hasSections: boolean;
  #at = 0;
  #seenRoot = false;

  constructor(text: string, events: XmlEvents) {
    this.#text = text;
    this.#events = events;
    this.#hasReturns = text.includes('\r');
    this.#hasSections = text.includes(']]>');
  }

  /**
   * Reports events up to what is not plain. @returns where the last one ended, in a way that an event of saxes is a new one
   * exactly if the parser's position is behind it; undefined when the document was read to its end.
   */
  run(): number | undefined {
    if (outside.test(this.#text) || !this.#text.isWellFormed()) return 0;
    if (this.#text.startsWith('<?')) {
      const end = declaration.exec(this.#text)?.[0].length;
      if (end === undefined) return 0;
      this.#at = end;
    }
    while (this.#at < this.#text.length) if (!this.#next()) return this.#at;
    return this.#open.length === 0 && this.#seenRoot ? undefined : this.#at;
  }

  /** One piece of text and the markup behind it. False where saxes has to go on. */
  #next(): boolean {
    const text = this.#text;
    const start = text.indexOf('<', this.#at);
    if (start < 0) return this.#isEnd();
    if (start > this.#at && !this.#takeText(start)) return false;
    this.#at = start + 1;
    const code = text.charCodeAt(start + 1);
    if (code === slash) return this.#closeTag(start);
    if (code === bang) return this.#special(start);
    return this.#openTag(start);
  }

  /** True where only white space is left. */
  #isEnd(): boolean {
    if (!this.#seenRoot || this.#open.length > 0 || this.#text.slice(this.#at).search(notSpace) >= 0) return false;
    this.#at = this.#text.length;
    return true;
  }

  #takeText(end: number): boolean {
    let piece = this.#text.slice(this.#at, end);
    if (this.#open.length === 0) return piece.search(notSpace) < 0;
    if (this.#hasSections && piece.includes(']]>')) return false;
    if (this.#hasReturns) piece = piece.replace(/\r\n?/gu, '\n');
    const decoded = piece.includes('&') ? resolved(piece) : piece;
    if (decoded === undefined) return false;
    this.#events.text?.(decoded, false);
    return true;
  }

  #openTag(start: number): boolean {
    const text = this.#text;
    if (this.#open.length === 0 && this.#seenRoot) return false;
    let at = this.#nameEnd(start + 1);
    if (at === start + 1) return false;
    const name = this.#name(start + 1, at);
    let attributes = noAttributes;
    let code = text.charCodeAt(at);
    if (code !== greaterThan && code !== slash) {
      const found: Record<string, string> = {};
      at = this.#attributes(at, found);
      if (at < 0) return false;
      attributes = found;
      code = text.charCodeAt(at);
    }
    const selfClosing = code === slash;
    const end = at + (selfClosing ? 2 : 1);
    if (text.charCodeAt(end - 1) !== greaterThan) return false;
    this.#seenRoot = true;
    this.#at = end;
    this.#events.open({ name, attributes, start, end, selfClosing });
    if (selfClosing) this.#events.close(name, end, end);
    else this.#open.push(name);
    return true;
  }

  /** The name as the string that was made of it when it was met last: a large file has few names, and many of each. */
  #name(start: number, end: number): string {
    const slot = (this.#text.charCodeAt(start) * 31 + end - start) & 63;
    const known = this.#names[slot];
    if (known?.length === end - start && this.#text.startsWith(known, start)) return known;
    return this.#names[slot] = this.#text.slice(start, end);
  }

  #nameEnd(from: number): number {
    const text = this.#text;
    if (nameClass[text.charCodeAt(from)] !== 1) return from;
    let at = from + 1;
    while ((nameClass[text.charCodeAt(at)] ?? 0) !== 0) at++;
    return at;
  }

  /** Reads `name="value"` into `into`. @returns where the tag's `>` or `/` stands, or -1. */
  #attributes(from: number, into: Record<string, string>): number {
    const text = this.#text;
    for (let at = from; ;) {
      const name = this.#skipSpaces(at);
      const code = text.charCodeAt(name);
      if (code === greaterThan || code === slash) return name;
      const nameEnd = this.#nameEnd(name);
      if (name === at || nameEnd === name) return -1;
      const sign = this.#skipSpaces(nameEnd);
      const open = this.#skipSpaces(sign + 1);
      const mark = text.charCodeAt(open);
      if (text.charCodeAt(sign) !== equals || (mark !== quote && mark !== apostrophe)) return -1;
      const close = text.indexOf(mark === quote ? '"' : "'", open + 1);
      const key = text.slice(name, nameEnd);
      const value = close < 0 ? undefined : this.#value(open + 1, close);
      if (value === undefined || key === '__proto__' || Object.hasOwn(into, key)) return -1;
      into[key] = value;
      at = close + 1;
    }
  }

  #skipSpaces(from: number): number {
    let at = from;
    for (let code = this.#text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = this.#text.charCodeAt(at)) at++;
    return at;
  }

  #value(start: number, end: number): string | undefined {
    const raw = this.#text.slice(start, end);
    if (raw.includes('<')) return undefined;
    const flat = /[\t\n\r]/u.test(raw) ? raw.replace(/\r\n|[\t\n\r]/gu, ' ') : raw;
    return flat.includes('&') ? resolved(flat) : flat;
  }

  #closeTag(start: number): boolean {
    const name = this.#open.at(-1);
    if (name === undefined || !this.#text.startsWith(name, start + 2)) return false;
    const at = this.#skipSpaces(start + 2 + name.length);
    if (this.#text.charCodeAt(at) !== greaterThan) return false;
    this.#open.pop();
    this.#at = at + 1;
    this.#events.close(name, start, at + 1);
    return true;
  }

  /** A comment or a CDATA section; doctypes are left to saxes. */
  #special(start: number): boolean {
    const text = this.#text;
    if (text.startsWith('<!--', start)) {
      const end = text.indexOf('--', start + 4);
      if (end < 0 || text.charCodeAt(end + 2) !== greaterThan) return false;
      this.#at = end + 3;
      this.#events.comment?.(this.#lines(start + 4, end));
      return true;
    }
    const end = text.startsWith('<![CDATA[', start) && this.#open.length > 0 ? text.indexOf(']]>', start) : -1;
    if (end < 0) return false;
    this.#at = end + 3;
    this.#events.text?.(this.#lines(start + 9, end), true);
    return true;
  }

  #lines(start: number, end: number): string {
    const raw = this.#text.slice(start, end);
    return this.#hasReturns ? raw.replace(/\r\n?/gu, '\n') : raw;
  }
}

