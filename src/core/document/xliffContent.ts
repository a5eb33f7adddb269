/** The content of one `source`, `target` or `seg-source`: text with inline codes as the file spells them. Pure. */
import type { TextRange } from './segment.ts';
import type { UnitCode } from './units.ts';
import type { XmlTag } from './xml.ts';

/** Tags around text that is translated; all other inline elements are codes as a whole. */
const paired = new Set(['g', 'mrk', 'pc', 'hi']);

/** A stretch between the markers of one `<mrk mtype="seg">`. */
export interface MarkedSegment {
  readonly mid: string;
  /** In the file. */
  readonly range: TextRange;
  /** In the decoded text. */
  readonly inner: TextRange;
}

export interface Content {
  /** Decoded; inline codes as they stand in the file. */
  readonly text: string;
  readonly codes: readonly UnitCode[];
  readonly marked: readonly MarkedSegment[];
}

/** Gathers a content while its element is open. */
export class ContentReader {
  readonly #file: string;
  #text = '';
  readonly #codes: UnitCode[] = [];
  readonly #marked: MarkedSegment[] = [];
  readonly #open: { readonly tag: XmlTag; readonly at: number }[] = [];
  #opaque = 0;
  #opaqueStart = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get content(): Content {
    return { text: this.#text, codes: this.#codes, marked: this.#marked };
  }

  addText(text: string): void {
    if (this.#opaque === 0) this.#text += text;
  }

  open(tag: XmlTag): void {
    if (this.#opaque > 0) {
      this.#opaque++;
      return;
    }
    if (!paired.has(tag.name) || tag.selfClosing) {
      this.#opaque = 1;
      this.#opaqueStart = tag.start;
      return;
    }
    this.#code(tag.start, tag.end, 'open');
    this.#open.push({ tag, at: this.#text.length });
  }

  close(start: number, end: number): void {
    if (this.#opaque > 0) {
      this.#opaque--;
      if (this.#opaque === 0) this.#code(this.#opaqueStart, end, undefined);
      return;
    }
    const opened = this.#open.pop();
    if (opened === undefined) return;
    const { tag, at } = opened;
    if (tag.attributes['mtype'] === 'seg' && tag.attributes['mid'] !== undefined) {
      this.#marked.push({ mid: tag.attributes['mid'], range: { start: tag.end, end: start }, inner: { start: at, end: this.#text.length } });
    }
    this.#code(start, end, 'close');
  }

  #code(start: number, end: number, side: 'open' | 'close' | undefined): void {
    const raw = this.#file.slice(start, end);
    const range = { start: this.#text.length, end: this.#text.length + raw.length };
    this.#text += raw;
    this.#codes.push({ range, raw, ...(side === undefined ? {} : { side }) });
  }
}

/** One marked stretch as a content of its own. */
export function innerContent({ text, codes }: Content, { start, end }: TextRange): Content {
  const inside = codes.filter(({ range }) => range.start >= start && range.end <= end);
  return {
    text: text.slice(start, end),
    codes: inside.map((code) => ({ ...code, range: { start: code.range.start - start, end: code.range.end - start } })),
    marked: [],
  };
}
