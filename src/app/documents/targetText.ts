import { composeTarget, locateSegments, spliceText, type ComposedTarget } from '../../core/document/target.ts';
import { byKey, insertionOf, isKeyed, textIn, translationIn } from '../../core/document/unitTarget.ts';
import { reframe } from '../../core/document/units.ts';
import type { ParsedDocument, TextRange } from '../../core/document/segment.ts';
import type { WriteOutcome } from '../../protocol/documents.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { parseAs, type OpenedDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';

/** Where a segment's text stands in the target file now. */
export interface Located {
  readonly range: TextRange;
  /** As the file spells it. */
  readonly text: string;
  /** As a person reads it: to be asked for where it is needed, as the first answer may take a parse of the file. */
  readonly read: () => string;
}

interface Edit {
  readonly range: TextRange;
  readonly text: string;
}

export interface TargetTextParts {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
  readonly file: TargetFile;
  /** What the file is expected to hold: our own writes, and foreign text that was taken over. */
  readonly texts: ReadonlyMap<string, string>;
}

/** True where translations go into the very file that holds the sources. */
export function isInPlace({ codec, key }: Pick<OpenedDocument, 'codec' | 'key'>, target: Pick<TargetFile, 'path'>): boolean {
  return codec.bilingual === true && target.path === key;
}

/**
 * The text of the target file, segment by segment: what we put there, what stands there now, and the smallest edit that
 * puts another text in one segment's place. It knows nothing of judgments. Running text and files that are edited in place
 * are found again by position; a resource file of its own is found by its keys, in whatever order it has them.
 */
export class TargetText {
  readonly #document: ParsedDocument;
  readonly #parts: TargetTextParts;
  readonly inPlace: boolean;
  readonly #hasKeys: boolean;
  #texts: ReadonlyMap<string, string>;
  /** Of the text that was parsed last: a large file is not parsed twice between two edits. */
  #parsed: ParsedDocument | undefined;

  constructor(parts: TargetTextParts) {
    this.#parts = parts;
    this.#document = parts.document.parsed;
    this.inPlace = isInPlace(parts.document, parts.file);
    this.#hasKeys = isKeyed(this.#document);
    this.#texts = parts.texts;
  }

  /** Whether a text of the file is what we have made of it, byte for byte. */
  isOurs(text: string): boolean {
    return this.#compose(this.#texts).text === text;
  }

  /** Encoded texts by segment, as they are expected in the file. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** Each segment's text in the file as it is now; undefined when there is no file. @throws AppError `document.syntax` */
  async locate(): Promise<ReadonlyMap<string, Located> | undefined> {
    const actual = await this.#parts.file.read();
    return actual === undefined ? undefined : this.#locateIn(actual);
  }

  /** Puts `text` (encoded) in the segment's place, or its source back when undefined; makes the file if need be. */
  async put(segment: string, text: string | undefined): Promise<WriteOutcome> {
    const next = withText(this.#texts, segment, text);
    const actual = await this.#parts.file.read();
    if (actual === undefined && text === undefined) return { kind: 'written' };
    if (actual === undefined) {
      const outcome = await this.#parts.file.create(this.#compose(next).text);
      this.#texts = next;
      return outcome;
    }
    const edit = this.#hasKeys && !this.inPlace ? this.#keyedEdit(segment, actual, text) : this.#edit(segment, actual, this.#compose(next));
    const outcome = await (edit === undefined ? this.#parts.file.settle(actual) : this.#parts.file.replace(actual, edit.range, edit.text));
    this.#texts = next;
    return outcome;
  }

  /** Puts back a text that an earlier reading of the file had in this place; not where the file would no longer parse. */
  async putBack(segment: string, text: string): Promise<WriteOutcome> {
    const actual = await this.#parts.file.read();
    const edit = actual === undefined ? undefined : this.#edit(segment, actual, this.#compose(withText(this.#texts, segment, text)));
    if (actual !== undefined && edit !== undefined) this.#parse(spliceText(actual, edit.range, edit.text));
    return this.put(segment, text);
  }

  /** Puts back what a save participant changed. */
  restore(text: string): Promise<void> {
    return this.#parts.file.restore(text);
  }

  /** Writes the whole file as composed, over whatever it holds. */
  async rewrite(): Promise<WriteOutcome> {
    const { text } = this.#compose(this.#texts);
    const actual = await this.#parts.file.read();
    if (actual === undefined) return this.#parts.file.create(text);
    if (actual === text) return { kind: 'written' };
    return this.#parts.file.replace(actual, { start: 0, end: actual.length }, text);
  }

  #compose(texts: ReadonlyMap<string, string>): ComposedTarget {
    return composeTarget(this.#document, texts, this.#parts.languages.target);
  }

  #parse(text: string): ParsedDocument {
    const { document, languages, file } = this.#parts;
    if (this.#parsed?.text !== text) this.#parsed = parseAs(document.codec, text, { path: file.path, languages });
    return this.#parsed;
  }

  #locateIn(actual: string): ReadonlyMap<string, Located> {
    if (!this.#hasKeys) return this.#byPosition(actual, (text) => text);
    if (!this.inPlace) return this.#byKeys(actual);
    let reading: ReadonlyMap<string, Located> | undefined;
    return this.#byPosition(actual, (_, id) => {
      reading ??= this.#byKeys(actual);
      return reading.get(id)?.read() ?? '';
    });
  }

  #byKeys(actual: string): ReadonlyMap<string, Located> {
    const parsed = this.#parse(actual);
    const there = byKey(parsed);
    const bilingual = this.#parts.document.codec.bilingual === true;
    return new Map(this.#document.segments.flatMap((segment) => {
      const found = there.get(segment.unit?.key ?? '');
      if (found === undefined) return [];
      return [[segment.id, { range: found.range, text: textIn(parsed, found, segment), read: (): string => translationIn(found, bilingual) }] as const];
    }));
  }

  #byPosition(actual: string, read: (text: string, id: string) => string): ReadonlyMap<string, Located> {
    const located = locateSegments(this.#compose(this.#texts), actual);
    return new Map([...located].map(([id, { range, text }]) => [id, { range, text, read: (): string => read(text, id) }]));
  }

  #keyedEdit(segment: string, actual: string, text: string | undefined): Edit | undefined {
    const here = this.#document.segments.find(({ id }) => id === segment);
    if (here === undefined) return undefined;
    const encoded = text ?? this.#document.text.slice(here.range.start, here.range.end);
    const parsed = this.#parse(actual);
    const found = byKey(parsed).get(here.unit?.key ?? '');
    if (found === undefined) return text === undefined ? undefined : insertionOf(here, encoded, this.#document, { parsed, path: this.#parts.file.path });
    const wanted = reframe(encoded, here, found);
    return actual.slice(found.range.start, found.range.end) === wanted ? undefined : { range: found.range, text: wanted };
  }

  #edit(segment: string, actual: string, after: ComposedTarget): Edit | undefined {
    const before = this.#compose(this.#texts);
    const at = locateSegments(before, actual).get(segment);
    const wanted = after.ranges.get(segment);
    if (at === undefined || wanted === undefined) return undefined;
    const gapBefore = this.#gapAfter(before, segment);
    const gapStands = actual.startsWith(gapBefore, at.range.end);
    const text = after.text.slice(wanted.start, wanted.end) + (gapStands ? this.#gapAfter(after, segment) : '');
    const range = { start: at.range.start, end: at.range.end + (gapStands ? gapBefore.length : 0) };
    return actual.slice(range.start, range.end) === text ? undefined : { range, text };
  }

  /** The composed text between a segment and the next one of its block; '' at a block's end. */
  #gapAfter(composed: ComposedTarget, segment: string): string {
    const index = this.#document.segments.findIndex((candidate) => candidate.id === segment);
    const here = this.#document.segments[index];
    const next = this.#document.segments[index + 1];
    const from = composed.ranges.get(segment);
    if (here === undefined || next === undefined || from === undefined || next.block !== here.block) return '';
    const to = composed.ranges.get(next.id);
    return to === undefined ? '' : composed.text.slice(from.end, to.start);
  }
}

function withText(texts: ReadonlyMap<string, string>, segment: string, text: string | undefined): ReadonlyMap<string, string> {
  const next = new Map(texts);
  if (text === undefined) next.delete(segment);
  else next.set(segment, text);
  return next;
}
