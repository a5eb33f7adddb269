import type { DocumentName } from '../../store/documentFile.ts';
import type { DocumentState, DocumentStateStore } from '../../store/documentState.ts';
import type { Codec, Segment } from '../../core/document/segment.ts';
import type { WriteOutcome } from '../targetFile.ts';
import type { TargetText } from './targetText.ts';

export interface TargetStateParts {
  readonly text: TargetText;
  readonly states: DocumentStateStore;
  readonly name: DocumentName;
  /** Source text and segments, kept to find everything again after the source was edited. */
  readonly source: Pick<DocumentState, 'source' | 'segments'>;
  /** Foreign translations taken over by a merge: what a segment goes back to when its acceptance is taken back. */
  readonly existing: ReadonlyMap<string, string>;
  /** Texts that differ from the accepted ones and that the reviewer said are right. */
  readonly acknowledged: ReadonlyMap<string, string>;
}

/** A text that should stand in a segment's place: as its file spells it, and as it reads back. */
export interface WantedText {
  readonly encoded: string;
  readonly read: string;
}

/** An accepted text as it should stand in its file; undefined where none is accepted. */
export function wantedText(codec: Codec, segment: Segment, text: string | undefined): WantedText | undefined {
  if (text === undefined) return undefined;
  const encoded = codec.encode(text, segment);
  return { encoded, read: segment.unit === undefined ? encoded : text.trim().replace(/\r\n?/gu, '\n') };
}

/** The target file and what this computer remembers of it: writes, differences, and the memory of both. */
export class TargetState {
  readonly #parts: TargetStateParts;
  readonly #acknowledged: Map<string, string>;
  readonly #existing: Map<string, string>;

  constructor(parts: TargetStateParts) {
    this.#parts = parts;
    this.#acknowledged = new Map(parts.acknowledged);
    this.#existing = new Map(parts.existing);
  }

  get path(): string {
    return this.#parts.text.path;
  }

  /** Puts the wanted text (encoded) in a segment's place; undefined puts back what was there before any judgment. */
  async put(segment: string, wanted: string | undefined): Promise<WriteOutcome> {
    this.#acknowledged.delete(segment);
    const { text } = this.#parts;
    if (wanted !== undefined && text.inPlace && !this.#existing.has(segment)) await this.#keep(segment);
    const before = this.#existing.get(segment);
    const outcome = await (wanted === undefined && before !== undefined && text.inPlace ? text.putBack(segment, before) : text.put(segment, wanted ?? before));
    await this.remember();
    return outcome;
  }

  /** A file that is edited in place is its own memory only until it is written. */
  async #keep(segment: string): Promise<void> {
    const located = await this.#parts.text.locate();
    const there = located?.get(segment);
    if (there !== undefined) this.#existing.set(segment, there.text);
  }

  /** What we believe stands in a segment's place; undefined for its untranslated source. */
  expected(segment: string): string | undefined {
    const text = this.#parts.text.texts.get(segment);
    return text === this.#existing.get(segment) ? undefined : text;
  }

  /** Puts `text` back on disk after something that runs on save had changed it. */
  restore(text: string): Promise<void> {
    return this.#parts.text.restore(text);
  }

  /** Writes the file as a whole. */
  async rewrite(): Promise<WriteOutcome> {
    const outcome = await this.#parts.text.rewrite();
    await this.remember();
    return outcome;
  }

  /** The reviewer is content with what stands in the document: it is no difference any more. */
  async acknowledge(segment: string, inDocument: string): Promise<void> {
    this.#acknowledged.set(segment, inDocument);
    await this.remember();
  }

  /** Segments whose text in the file is neither the wanted one nor acknowledged, with what stands there as people read it. */
  async differences(wanted: (segment: string) => WantedText | undefined): Promise<ReadonlyMap<string, string>> {
    const located = await this.#parts.text.locate();
    const differences = new Map<string, string>();
    for (const [segment, { text, read }] of located ?? []) {
      const should = wanted(segment);
      if (should !== undefined && text !== should.encoded && read !== should.read && read !== this.#acknowledged.get(segment)) differences.set(segment, read);
    }
    return differences;
  }

  /** Stores what is known, so that the next window finds the same. */
  async remember(focus?: string): Promise<void> {
    const { states, name, source, text } = this.#parts;
    await states.update(name, (before) => ({
      ...source,
      written: text.texts,
      existing: this.#existing,
      acknowledged: this.#acknowledged,
      ...spreadFocus(focus ?? before?.focus),
    }));
  }
}

function spreadFocus(focus: string | undefined): { readonly focus?: string } {
  return focus === undefined ? {} : { focus };
}
