/**
 * A quick reader of plain XML: elements, attributes, text, character references and the five entities, comments, CDATA. It
 * finds the ends of things by searching, not by looking at every character. What it does not know or what may be an error it
 * leaves to saxes, which has the last word: so it never decides that a file is broken. Pure.
 */
import type { XmlEvents } from './xml.ts';
import { attributesEnd, nameEnd, QuickTag, resolved, skipSpaces, withLineFeeds } from './xmlTokens.ts';

const greaterThan = 0x3e;
const slash = 0x2f;
const bang = 0x21;

const declaration = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?[ \t\r\n]*\?>/u;
const outside = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Also finds halves of characters: most files have none, and need no second look. */
const unusual = /[^\t\n\r -\ud7ff\ue000-\ufffd]/;
const notSpace = /[^\t\n\r ]/u;

export class QuickXml {
  readonly #text: string;
  readonly #events: XmlEvents;
  readonly #open: string[] = [];
  readonly #names: string[] = [];
  /** Where an `&` and a `]]>` stand next; Infinity where there is no more. */
  #reference = -1;
  #sectionEnd = -1;
  #at = 0;
  #seenRoot = false;

  constructor(text: string, events: XmlEvents) {
    this.#text = text;
    this.#events = events;
  }

  /**
   * Reports events up to what is not plain. @returns where the last one ended, in a way that an event of saxes is a new one
   * exactly if the parser's position is behind it; undefined when the document was read to its end.
   */
  run(): number | undefined {
    if (unusual.test(this.#text) && outside.test(this.#text)) return 0;
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
    const from = this.#at;
    if (this.#open.length === 0) return this.#text.slice(from, end).search(notSpace) < 0;
    if (this.#sectionEnd < from) this.#sectionEnd = placeOf(this.#text, ']]>', from);
    if (this.#reference < from) this.#reference = placeOf(this.#text, '&', from);
    if (this.#sectionEnd < end) return false;
    const skipped = this.#events.text === undefined || this.#events.skipsText === true;
    if (skipped && this.#reference >= end) return true;
    const piece = this.#text.slice(from, end);
    const decoded = this.#reference < end ? resolved(withLineFeeds(piece)) : withLineFeeds(piece);
    if (decoded === undefined) return false;
    if (!skipped) this.#events.text?.(decoded, false);
    return true;
  }

  #openTag(start: number): boolean {
    const text = this.#text;
    if (this.#open.length === 0 && this.#seenRoot) return false;
    const nameStop = nameEnd(text, start + 1);
    if (nameStop === start + 1) return false;
    const name = this.#name(start + 1, nameStop);
    const at = text.charCodeAt(nameStop) === greaterThan ? nameStop : attributesEnd(text, nameStop);
    if (at < 0) return false;
    const selfClosing = text.charCodeAt(at) === slash;
    const end = at + (selfClosing ? 2 : 1);
    if (text.charCodeAt(end - 1) !== greaterThan) return false;
    this.#seenRoot = true;
    this.#at = end;
    this.#events.open(new QuickTag(text, name, { start, end, selfClosing }));
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

  #closeTag(start: number): boolean {
    const name = this.#open.at(-1);
    if (name === undefined || !this.#text.startsWith(name, start + 2)) return false;
    const at = skipSpaces(this.#text, start + 2 + name.length);
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
      this.#events.comment?.(withLineFeeds(text.slice(start + 4, end)));
      return true;
    }
    const end = text.startsWith('<![CDATA[', start) && this.#open.length > 0 ? text.indexOf(']]>', start) : -1;
    if (end < 0) return false;
    this.#at = end + 3;
    if (this.#events.skipsText !== true) this.#events.text?.(withLineFeeds(text.slice(start + 9, end)), true);
    return true;
  }
}

function placeOf(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? Infinity : at;
}
