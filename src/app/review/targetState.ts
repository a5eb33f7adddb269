import type { DocumentName } from '../../store/documentFile.ts';
import type { DocumentState, DocumentStateStore } from '../../store/documentState.ts';
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

/** The target file and what this computer remembers of it: writes, differences, and the memory of both. */
export class TargetState {
  readonly #parts: TargetStateParts;
  readonly #acknowledged: Map<string, string>;

  constructor(parts: TargetStateParts) {
    this.#parts = parts;
    this.#acknowledged = new Map(parts.acknowledged);
  }

  get path(): string {
    return this.#parts.text.path;
  }

  /** Puts the wanted text (encoded) in a segment's place; undefined puts back what was there before any judgment. */
  async put(segment: string, wanted: string | undefined): Promise<WriteOutcome> {
    this.#acknowledged.delete(segment);
    const outcome = await this.#parts.text.put(segment, wanted ?? this.#parts.existing.get(segment));
    await this.remember();
    return outcome;
  }

  /** What we believe stands in a segment's place; undefined for its untranslated source. */
  expected(segment: string): string | undefined {
    const text = this.#parts.text.texts.get(segment);
    return text === this.#parts.existing.get(segment) ? undefined : text;
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

  /** Segments whose text in the file is neither the wanted one nor acknowledged, with what stands there. */
  async differences(wanted: (segment: string) => string | undefined): Promise<ReadonlyMap<string, string>> {
    const located = await this.#parts.text.locate();
    const differences = new Map<string, string>();
    for (const [segment, { text }] of located ?? []) {
      const should = wanted(segment);
      if (should !== undefined && text !== should && text !== this.#acknowledged.get(segment)) differences.set(segment, text);
    }
    return differences;
  }

  /** Stores what is known, so that the next window finds the same. */
  async remember(focus?: string): Promise<void> {
    const { states, name, source, existing, text } = this.#parts;
    await states.update(name, (before) => ({
      ...source,
      written: text.texts,
      existing,
      acknowledged: this.#acknowledged,
      ...spreadFocus(focus ?? before?.focus),
    }));
  }
}

function spreadFocus(focus: string | undefined): { readonly focus?: string } {
  return focus === undefined ? {} : { focus };
}
