import type { Revision } from '../../core/document/revision.ts';
import type { DocumentName } from '../../store/documentFile.ts';
import type { DocumentStateStore, SourceVersion } from '../../store/documentState.ts';
import type { ExistingText, ExpectedText, WantedText, WriteOutcome } from '../../protocol/documents.ts';
import type { Comparison, Target } from './target.ts';
import type { Located, TargetText } from './targetText.ts';

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

interface ToldText {
  readonly text: string;
  readonly read: string | undefined;
}

/** The target file and what this computer remembers of it: writes, differences, and the memory of both. */
export class TargetState implements Target {
  readonly #parts: TargetStateParts;
  readonly #acknowledged: Map<string, string>;
  readonly #existing: Map<string, string>;
  /** What the segments without an accepted text held when that was last told: as the file spells it, and as people read it. None for an untouched source. */
  readonly #told = new Map<string, ToldText>();

  constructor(parts: TargetStateParts) {
    this.#parts = parts;
    this.#acknowledged = new Map(parts.acknowledged);
    this.#existing = new Map(parts.existing);
  }

  async put(wanted: ReadonlyMap<string, WantedText | undefined>): Promise<WriteOutcome> {
    const { text } = this.#parts;
    for (const segment of wanted.keys()) this.#acknowledged.delete(segment);
    const theirs = [...wanted].flatMap(([segment, next]) => (next === undefined || text.texts.get(segment) !== this.#existing.get(segment) ? [] : [segment]));
    const stands = [...wanted].some(([segment, next]) => next !== undefined && this.#told.get(segment)?.read === next.read);
    const located = theirs.length > 0 || stands ? await text.locate() : undefined;
    this.#keep(theirs, located);
    const putBack = text.inPlace && [...wanted].some(([segment, next]) => next === undefined && this.#existing.has(segment));
    const texts = new Map([...wanted].map(([segment, next]) => [segment, next === undefined ? this.#existing.get(segment) : this.#spelled(segment, next, located?.get(segment))]));
    const standings = new Map([...wanted].map(([segment, next]) => [segment, next?.standing]));
    const outcome = await text.put(texts, standings, putBack ? 'parses' : 'unseen');
    await this.remember();
    return outcome;
  }

  /** What stands in places that are not ours yet is what undo puts back: the file is its memory only until it is written. */
  #keep(segments: readonly string[], located: ReadonlyMap<string, Located> | undefined): void {
    const { text } = this.#parts;
    for (const segment of segments) {
      const there = located?.get(segment);
      const isNew = text.inPlace || there?.text !== (this.#existing.get(segment) ?? text.sourceTextOf(segment));
      if (there !== undefined && isNew) this.#existing.set(segment, there.text);
    }
  }

  /** A translation that the file holds, or held before the review, is spelled as it is there. */
  #spelled(segment: string, { read, encoded }: WantedText, there: Located | undefined): string {
    const told = this.#told.get(segment);
    if (told?.read !== read) return encoded;
    if (there !== undefined && (there.text === told.text || there.read() === read)) return there.accepted();
    return this.#parts.text.inPlace ? encoded : told.text;
  }

  expected(segment: string): Promise<ExpectedText | undefined> {
    const { text } = this.#parts;
    const encoded = text.texts.get(segment);
    return Promise.resolve(encoded === undefined || encoded === this.#existing.get(segment) ? undefined : { encoded, standing: text.standingOf(segment) });
  }

  /** Whether a text is what we have made of a file that is edited in place, byte for byte. */
  isOursInPlace(text: string): boolean {
    return this.#parts.text.inPlace && this.#parts.text.isOurs(text);
  }

  /** As `TargetText.revised`. */
  revised(text: string, path: string): Promise<Revision> {
    return this.#parts.text.revised(text, path);
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
    return wanted.size === 0 ? new Map() : this.#differences(wanted, await this.#parts.text.locate() ?? new Map<string, Located>());
  }

  async compare(wanted: ReadonlyMap<string, WantedText>): Promise<Comparison> {
    const located = await this.#parts.text.locate() ?? new Map<string, Located>();
    return { differences: this.#differences(wanted, located), existing: this.#existingChanges(wanted, located) };
  }

  #differences(wanted: ReadonlyMap<string, WantedText>, located: ReadonlyMap<string, Located>): ReadonlyMap<string, string> {
    const differences = new Map<string, string>();
    for (const [segment, should] of wanted) {
      const there = located.get(segment);
      if (there === undefined || there.text === should.encoded) continue;
      const read = there.read();
      if (read !== should.read && read !== this.#acknowledged.get(segment)) differences.set(segment, read);
    }
    return differences;
  }

  #existingChanges(judged: ReadonlyMap<string, WantedText>, located: ReadonlyMap<string, Located>): readonly ExistingText[] {
    const { text } = this.#parts;
    const changes: ExistingText[] = [];
    for (const [segment, there] of located) {
      const told = this.#told.get(segment);
      if (judged.has(segment) || told?.text === there.text || (told === undefined && text.isUntouched(segment, there))) continue;
      const read = text.translationOf(segment, there);
      if (read !== told?.read) changes.push([segment, read]);
      this.#told.set(segment, { text: there.text, read });
    }
    for (const segment of this.#told.keys()) {
      if (located.has(segment) || judged.has(segment)) continue;
      if (this.#told.get(segment)?.read !== undefined) changes.push([segment, undefined]);
      this.#told.delete(segment);
    }
    return changes;
  }

  async remember(focus?: string): Promise<void> {
    const { states, name, source, text } = this.#parts;
    await states.save(name, source, { written: text.texts, existing: this.#existing, acknowledged: this.#acknowledged }, focus);
  }
}
