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
}

/** An element with its content, where both stand in the file. */
export interface ContentElement extends Content {
  /** Where its tag begins, where its content begins and ends, where it ends. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
  readonly marked: readonly MarkedSegment[];
  /** Its attribute, if it has it. */
  attribute(name: string): string | undefined;
}

const noCodes: UnitCode[] = [];
const noMarks: MarkedSegment[] = [];

/** Gathers a content while its element is open. Lists are made when something comes into them: most contents are only text. */
export class ContentReader implements ContentElement {
  text = '';
  codes = noCodes;
  marked = noMarks;
  to = 0;
  end = 0;
  readonly #file: string;
  readonly #tag: XmlTag;
  /** Open pairs, innermost last, with where their content begins in the text. */
  #open: { readonly tag: XmlTag; readonly at: number }[] | undefined;
  #opaque = 0;
  #opaqueStart = 0;

  constructor(file: string, tag: XmlTag) {
    this.#file = file;
    this.#tag = tag;
  }

  get start(): number {
    return this.#tag.start;
  }

  get from(): number {
    return this.#tag.end;
  }

  attribute(name: string): string | undefined {
    return this.#tag.attributes[name];
  }

  addText(text: string): void {
    if (this.#opaque === 0) this.text += text;
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
    (this.#open ??= []).push({ tag, at: this.text.length });
  }

  close(start: number, end: number): void {
    if (this.#opaque > 0) {
      this.#opaque--;
      if (this.#opaque === 0) this.#code(this.#opaqueStart, end, undefined);
      return;
    }
    const opened = this.#open?.pop();
    if (opened === undefined) return;
    const { tag, at } = opened;
    if (tag.attributes['mtype'] === 'seg' && tag.attributes['mid'] !== undefined) {
      if (this.marked === noMarks) this.marked = [];
      this.marked.push({ mid: tag.attributes['mid'], range: { start: tag.end, end: start }, inner: { start: at, end: this.text.length } });
    }
    this.#code(start, end, 'close');
  }

  /** The element's own closing tag; a self-closing one has no content. */
  finish(start: number, end: number): this {
    this.to = this.#tag.selfClosing ? this.#tag.end : start;
    this.end = end;
    return this;
  }

  #code(start: number, end: number, side: 'open' | 'close' | undefined): void {
    const raw = this.#file.slice(start, end);
    const range = { start: this.text.length, end: this.text.length + raw.length };
    if (this.codes === noCodes) this.codes = [];
    this.codes.push({ range, raw, side });
    this.text += raw;
  }
}

/** One marked stretch as a content of its own. */
export function innerContent({ text, codes }: Content, { start, end }: TextRange): Content {
  const inside = codes.filter(({ range }) => range.start >= start && range.end <= end);
  return {
    text: text.slice(start, end),
    codes: inside.map((code) => ({ ...code, range: { start: code.range.start - start, end: code.range.end - start } })),
  };
}
