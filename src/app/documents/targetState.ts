import type { DocumentName } from '../../store/documentFile.ts';
import type { DocumentStateStore, SourceVersion } from '../../store/documentState.ts';
import type { WantedText, WriteOutcome } from '../../protocol/documents.ts';
import type { Target } from './target.ts';
import type { TargetText } from './targetText.ts';

export interface TargetStateParts {
  readonly text: TargetText;
  readonly states: DocumentStateStore;
  readonly name: DocumentName;
  /** Kept to find everything again after the source was edited. */
  readonly source: SourceVersion;
  /** Foreign translations taken over by a merge: what a segment goes back to when its acceptance is taken back. */
  readonly existing: ReadonlyMap<string, string>;
  /** Texts that differ from the accepted ones and that the reviewer said are right. */
  readonly acknowledged: ReadonlyMap<string, string>;
}

/** The target file and what this computer remembers of it: writes, differences, and the memory of both. */
export class TargetState implements Target {
  readonly #parts: TargetStateParts;
  readonly #acknowledged: Map<string, string>;
  readonly #existing: Map<string, string>;

  constructor(parts: TargetStateParts) {
    this.#parts = parts;
    this.#acknowledged = new Map(parts.acknowledged);
    this.#existing = new Map(parts.existing);
  }

  async put(wanted: ReadonlyMap<string, string | undefined>): Promise<WriteOutcome> {
    const { text } = this.#parts;
    for (const segment of wanted.keys()) this.#acknowledged.delete(segment);
    if (text.inPlace) await this.#keep([...wanted].flatMap(([segment, next]) => (next === undefined || this.#existing.has(segment) ? [] : [segment])));
    const putBack = text.inPlace && [...wanted].some(([segment, next]) => next === undefined && this.#existing.has(segment));
    const texts = new Map([...wanted].map(([segment, next]) => [segment, next ?? this.#existing.get(segment)]));
    const outcome = await text.put(texts, putBack ? 'parses' : 'unseen');
    await this.remember();
    return outcome;
  }

  /** A file that is edited in place is its own memory only until it is written. */
  async #keep(segments: readonly string[]): Promise<void> {
    if (segments.length === 0) return;
    const located = await this.#parts.text.locate();
    for (const segment of segments) {
      const there = located?.get(segment);
      if (there !== undefined) this.#existing.set(segment, there.text);
    }
  }

  expected(segment: string): Promise<string | undefined> {
    const text = this.#parts.text.texts.get(segment);
    return Promise.resolve(text === this.#existing.get(segment) ? undefined : text);
  }

  /** Whether a text is what we have made of a file that is edited in place, byte for byte. */
  isOursInPlace(text: string): boolean {
    return this.#parts.text.inPlace && this.#parts.text.isOurs(text);
  }

  restore(text: string): Promise<void> {
    return this.#parts.text.restore(text);
  }

  /** Writes the file as a whole. */
  async rewrite(): Promise<WriteOutcome> {
    const outcome = await this.#parts.text.rewrite();
    await this.remember();
    return outcome;
  }

  async acknowledge(segment: string, inDocument: string): Promise<void> {
    this.#acknowledged.set(segment, inDocument);
    await this.remember();
  }

  async differences(wanted: ReadonlyMap<string, WantedText>): Promise<ReadonlyMap<string, string>> {
    const differences = new Map<string, string>();
    if (wanted.size === 0) return differences;
    const located = await this.#parts.text.locate();
    for (const [segment, should] of wanted) {
      const there = located?.get(segment);
      if (there === undefined || there.text === should.encoded) continue;
      const read = there.read();
      if (read !== should.read && read !== this.#acknowledged.get(segment)) differences.set(segment, read);
    }
    return differences;
  }

  async remember(focus?: string): Promise<void> {
    const { states, name, source, text } = this.#parts;
    await states.save(name, source, { written: text.texts, existing: this.#existing, acknowledged: this.#acknowledged }, focus);
  }
}
