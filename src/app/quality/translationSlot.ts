import type { Codec, Segment, TextRange } from '../../core/document/segment.ts';

/** Where one translation stands in the text of its file, and what an edit of it is there. */
export class TranslationSlot {
  readonly #found: Segment;
  readonly #translation: string;
  /** True where the file spells the translation as people read it: offsets inside it are offsets of the file. */
  readonly #literal: boolean;
  /** Of the translation alone, as far as it can be told from its frame (a `<target>`, quotes). */
  readonly range: TextRange;

  constructor(text: string, found: Segment, translation: string) {
    this.#found = found;
    this.#translation = translation;
    const slot = text.slice(found.range.start, found.range.end);
    const isPart = found.unit?.branch?.anew !== undefined;
    const raw = isPart ? undefined : [translation, found.unit?.existingRaw ?? ''].find((part) => part !== '' && slot.includes(part));
    this.#literal = raw === translation;
    const start = found.range.start + (raw === undefined ? 0 : slot.lastIndexOf(raw));
    this.range = raw === undefined ? found.range : { start, end: start + raw.length };
  }

  /** A range of the translation as one of the file; of the whole translation where that cannot be told. */
  placeOf(range: TextRange | undefined): TextRange {
    if (range === undefined || !this.#literal) return this.range;
    return { start: this.range.start + range.start, end: this.range.start + range.end };
  }

  /** The edit that puts `fix` in the translation's place; undefined where the file would spell it otherwise. */
  editTo(fix: string, codec: Codec): { readonly range: TextRange; readonly before: string; readonly text: string } | undefined {
    const plain = this.#literal && codec.encode(fix, this.#found).includes(fix);
    return plain ? { range: this.range, before: this.#translation, text: fix } : undefined;
  }
}
