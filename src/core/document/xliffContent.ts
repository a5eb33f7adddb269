/** The content of one `source`, `target` or `seg-source`: text with inline codes as the file spells them. Pure. */
import type { TextRange } from './segment.ts';
import { startsWithLetter } from './inlineSpans.ts';
import type { UnitCode } from './units.ts';
import type { XmlEvents, XmlTag } from './xml.ts';
import { readInside } from './xmlFragment.ts';

/** Tags around text that is translated; all other inline elements are codes as a whole. */
const paired = new Set(['g', 'mrk', 'pc', 'hi']);

/** A stretch between the markers of one `<mrk mtype="seg">`. */
export interface MarkedSegment {
  readonly mid: string;
  /** In the file. */
  readonly range: TextRange;
  /** In the decoded text. */
  readonly inner: TextRange;
  /** In the file, with its tags. */
  readonly outer: TextRange;
  readonly selfClosing: boolean;
}

export interface Content {
  /** Decoded; inline codes as they stand in the file. */
  readonly text: string;
  readonly codes: readonly UnitCode[];
}

interface MarkedContent extends Content {
  readonly marked: readonly MarkedSegment[];
}

const noCodes: UnitCode[] = [];
const noMarks: MarkedSegment[] = [];

/**
 * An element with its content, where both stand in the file. What it says is read when somebody asks: a large file has many
 * of them, and few are looked at at a time.
 */
export class ContentElement implements Content {
  /** Where its tag begins. */
  readonly start: number;
  /** Where its content begins. */
  readonly from: number;
  /** Where its content ends, and where it ends itself; both known when it is closed. */
  to = 0;
  end = 0;
  readonly #file: string;
  readonly #tag: XmlTag;
  #read: MarkedContent | undefined;

  constructor(file: string, tag: XmlTag) {
    this.#file = file;
    this.#tag = tag;
    this.start = tag.start;
    this.from = tag.end;
  }

  get text(): string {
    return this.#content.text;
  }

  get codes(): readonly UnitCode[] {
    return this.#content.codes;
  }

  get marked(): readonly MarkedSegment[] {
    return this.#content.marked;
  }

  /** Its attribute, if it has it. */
  attribute(name: string): string | undefined {
    return this.#tag.attributes[name];
  }

  /** True where the content begins with running text that has a letter: then it need not be read to know that it has one. */
  get startsWithLetter(): boolean {
    return startsWithLetter(this.#file, this);
  }

  /** Its own closing tag; a self-closing one has no content. */
  finish(start: number, end: number): this {
    this.to = this.#tag.selfClosing ? this.from : start;
    this.end = end;
    return this;
  }

  get #content(): MarkedContent {
    return this.#read ??= readContent(this.#file, this);
  }
}

function readContent(file: string, place: { readonly from: number; readonly to: number }): MarkedContent {
  const reader = new ContentReader(file);
  readInside(file, place, reader);
  return { text: reader.content, codes: reader.codes, marked: reader.marked };
}

/** Gathers a content from its events. Lists are made when something comes into them: most contents are only text. */
class ContentReader implements XmlEvents {
  content = '';
  codes = noCodes;
  marked = noMarks;
  readonly #file: string;
  /** Open pairs, innermost last, with where their content begins in the text. */
  #open: { readonly tag: XmlTag; readonly at: number }[] | undefined;
  #opaque = 0;
  #opaqueTag: XmlTag | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  text(text: string): void {
    if (this.#opaque === 0) this.content += text;
  }

  open(tag: XmlTag): void {
    if (this.#opaque > 0) {
      this.#opaque++;
      return;
    }
    if (!paired.has(tag.name) || tag.selfClosing) {
      this.#opaque = 1;
      this.#opaqueTag = tag;
      return;
    }
    this.#code(tag.start, tag.end, 'open');
    (this.#open ??= []).push({ tag, at: this.content.length });
  }

  close(_: string, start: number, end: number): void {
    if (this.#opaque > 0) {
      this.#opaque--;
      if (this.#opaque === 0 && this.#opaqueTag !== undefined) this.#closeOpaque(this.#opaqueTag, end);
      return;
    }
    const opened = this.#open?.pop();
    if (opened === undefined) return;
    const { tag, at } = opened;
    this.#mark(tag, { start: tag.end, end: start }, { at, end });
    this.#code(start, end, 'close');
  }

  #closeOpaque(tag: XmlTag, end: number): void {
    this.#code(tag.start, end, undefined);
    if (tag.name === 'mrk') this.#mark(tag, { start: end, end }, { at: this.content.length, end });
  }

  #mark({ attributes, start, selfClosing }: XmlTag, range: TextRange, { at, end }: { readonly at: number; readonly end: number }): void {
    const { mtype, mid } = attributes;
    if (mtype !== 'seg' || mid === undefined) return;
    if (this.marked === noMarks) this.marked = [];
    this.marked.push({ mid, range, inner: { start: at, end: this.content.length }, outer: { start, end }, selfClosing });
  }

  #code(start: number, end: number, side: 'open' | 'close' | undefined): void {
    const raw = this.#file.slice(start, end);
    const range = { start: this.content.length, end: this.content.length + raw.length };
    if (this.codes === noCodes) this.codes = [];
    this.codes.push({ range, raw, side });
    this.content += raw;
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
