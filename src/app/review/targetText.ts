import { composeTarget, locateSegments, type ComposedTarget } from '../../core/document/target.ts';
import type { ParsedDocument, TextRange } from '../../core/document/segment.ts';
import type { TargetFile, WriteOutcome } from '../targetFile.ts';

/** Where a segment's text stands in the target file now. */
export interface Located {
  readonly range: TextRange;
  readonly text: string;
}

/**
 * The text of the target file, segment by segment: what we put there, what stands there now, and the smallest edit that
 * puts another text in one segment's place. It knows nothing of judgments.
 */
export class TargetText {
  readonly #document: ParsedDocument;
  readonly #language: string;
  readonly #file: TargetFile;
  /** What the file is expected to hold: our own writes, and foreign text that was taken over. */
  #texts: ReadonlyMap<string, string>;

  // The four are what it is made of; none has a default.
  constructor(document: ParsedDocument, language: string, file: TargetFile, texts: ReadonlyMap<string, string>) {
    this.#document = document;
    this.#language = language;
    this.#file = file;
    this.#texts = texts;
  }

  get path(): string {
    return this.#file.path;
  }

  /** Encoded texts by segment, as they are expected in the file. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** Each segment's text in the file as it is now; undefined when there is no file. */
  async locate(): Promise<ReadonlyMap<string, Located> | undefined> {
    const actual = await this.#file.read();
    return actual === undefined ? undefined : locateSegments(this.#compose(this.#texts), actual);
  }

  /** Puts `text` (encoded) in the segment's place, or its source back when undefined; makes the file if need be. */
  async put(segment: string, text: string | undefined): Promise<WriteOutcome> {
    const next = withText(this.#texts, segment, text);
    const actual = await this.#file.read();
    const after = this.#compose(next);
    if (actual === undefined && text === undefined) return { kind: 'written' };
    if (actual === undefined) {
      const outcome = await this.#file.create(after.text);
      this.#texts = next;
      return outcome;
    }
    const edit = this.#edit(segment, actual, after);
    const outcome = edit === undefined ? { kind: 'written' as const } : await this.#file.replace(actual, edit.range, edit.text);
    this.#texts = next;
    return outcome;
  }

  /** Puts back what a save participant changed. */
  restore(text: string): Promise<void> {
    return this.#file.restore(text);
  }

  /** Writes the whole file as composed, over whatever it holds. */
  async rewrite(): Promise<WriteOutcome> {
    const { text } = this.#compose(this.#texts);
    const actual = await this.#file.read();
    if (actual === undefined) return this.#file.create(text);
    if (actual === text) return { kind: 'written' };
    return this.#file.replace(actual, { start: 0, end: actual.length }, text);
  }

  #compose(texts: ReadonlyMap<string, string>): ComposedTarget {
    return composeTarget(this.#document, texts, this.#language);
  }

  #edit(segment: string, actual: string, after: ComposedTarget): { readonly range: TextRange; readonly text: string } | undefined {
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
